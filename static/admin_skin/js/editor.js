/* The rich text of the admin: a textarea becomes an editor with a few buttons, in French.

   It writes back into the textarea at each keystroke; without this file the textarea holds the
   HTML itself. The server keeps only the tags of rallynov/richtext.py. TipTap's own style sheet
   is not injected (the security policy refuses it): css/editor.css holds what is needed. */

import {
  Blockquote, Bold, BulletList, Document, Editor, HardBreak, Heading, History, Italic, Link,
  ListItem, OrderedList, Paragraph, Text,
} from "../../django_prose_editor/editor.js";

const SELECTOR = "textarea[data-rich-text]";
const EMPTY = /^<(\w+)><\/\1>$/;

const BUTTONS = [
  ["Titre", "heading", { level: 2 }, (chain) => chain.toggleHeading({ level: 2 })],
  ["Sous-titre", "heading", { level: 3 }, (chain) => chain.toggleHeading({ level: 3 })],
  ["Gras", "bold", {}, (chain) => chain.toggleBold()],
  ["Italique", "italic", {}, (chain) => chain.toggleItalic()],
  ["Liste", "bulletList", {}, (chain) => chain.toggleBulletList()],
  ["Liste numérotée", "orderedList", {}, (chain) => chain.toggleOrderedList()],
  ["Citation", "blockquote", {}, (chain) => chain.toggleBlockquote()],
];

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(label, className, onClick) {
  const made = element("button", { type: "button", className, textContent: label });
  made.addEventListener("click", onClick);
  return made;
}

/* A small form under the buttons: no dialog to escape from, and it works by keyboard. */
function linkForm(editor, id) {
  const input = element("input", { type: "url", id: `${id}_link`, placeholder: "https://" });
  const label = element("label", { htmlFor: input.id, textContent: "Adresse du lien" });
  const box = element("div", { className: "rich__link", hidden: true });
  const close = () => {
    box.hidden = true;
    editor.commands.focus();
  };
  const apply = () => {
    const chain = editor.chain().focus().extendMarkRange("link");
    const href = input.value.trim();
    (href ? chain.setLink({ href }) : chain.unsetLink()).run();
    close();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      apply();
    }
    if (event.key === "Escape") close();
  });
  box.append(label, input, button("Poser le lien", "", apply), button("Annuler", "", close));
  const open = () => {
    input.value = editor.getAttributes("link").href || "";
    box.hidden = false;
    input.focus();
  };
  return { box, open };
}

function toolbar(editor, id, name) {
  const bar = element("div", { className: "rich__bar" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `Mise en forme : ${name}`);
  const states = BUTTONS.map(([label, type, attributes, change]) => {
    const key = attributes.level ? `${type}${attributes.level}` : type;
    const made = button(label, `rich__button rich__button--${key}`, () => {
      change(editor.chain().focus()).run();
    });
    bar.append(made);
    return () => made.setAttribute("aria-pressed", editor.isActive(type, attributes));
  });
  const form = linkForm(editor, id);
  const link = button("Lien", "rich__button rich__button--link", form.open);
  bar.append(link);
  states.push(() => link.setAttribute("aria-pressed", editor.isActive("link")));
  const refresh = () => states.forEach((state) => state());
  editor.on("transaction", refresh);
  refresh();
  return [bar, form.box];
}

function labelOf(textarea) {
  const label = textarea.labels[0];
  return label ? label.textContent.replace(/\s*:\s*$/, "").trim() : "texte";
}

function editorAttributes(textarea, name) {
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": name };
  const description = textarea.getAttribute("aria-describedby");
  if (description) attributes["aria-describedby"] = description;
  if (textarea.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
  return attributes;
}

function enhance(textarea) {
  if (textarea.id.includes("__prefix__") || textarea.closest(".rich")) return;
  const name = labelOf(textarea);
  const surface = element("div", { className: "rich__surface" });
  const box = element("div", { className: "rich" });
  textarea.before(box);
  box.append(surface, textarea);
  textarea.hidden = true;
  const editor = new Editor({
    element: surface,
    injectCSS: false,
    content: textarea.value,
    extensions: [
      Document, Paragraph, Text, HardBreak, History, Bold, Italic, Blockquote, BulletList,
      OrderedList, ListItem, Heading.configure({ levels: [2, 3] }),
      Link.configure({ openOnClick: false, enableTarget: false, defaultProtocol: "https" }),
    ],
    editorProps: { attributes: editorAttributes(textarea, name) },
    onUpdate: ({ editor: changed }) => {
      const html = changed.getHTML();
      textarea.value = EMPTY.test(html) ? "" : html;
    },
  });
  box.prepend(...toolbar(editor, textarea.id, name));
  textarea.labels.forEach((label) => label.addEventListener("click", () => editor.commands.focus()));
}

function enhanceAll(root) {
  root.querySelectorAll(SELECTOR).forEach(enhance);
}

enhanceAll(document);
document.addEventListener("formset:added", (event) => enhanceAll(event.target));
