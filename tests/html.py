"""A small reader of HTML for tests, on the standard library's parser."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "source", "path", "circle", "use"}


class Html(HTMLParser):
    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags = []  # attributes of every tag, in order
        self.names = []
        self.texts = []  # (names of the open tags, text)
        self.open = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.names.append(tag)
        self.tags.append(dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        self.texts.append((tuple(self.open), data))

    def all(self, name):
        return [tag for tag, found in zip(self.tags, self.names, strict=True) if found == name]

    def first(self, name):
        return next(iter(self.all(name)), {})

    def text(self, name):
        return " ".join(" ".join(t for names, t in self.texts if name in names).split())

    def meta(self, name):
        return next((m.get("content") for m in self.all("meta") if m.get("name") == name), None)
