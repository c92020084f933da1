import os
import tempfile

from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Files appear whole or not at all: a full disk leaves nothing half-written behind."""

    def _save(self, name, content):
        full_path = self.path(name)
        folder = os.path.dirname(full_path)
        os.makedirs(folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as target:
                for chunk in content.chunks():
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            os.chmod(temporary, self.file_permissions_mode or 0o640)
            # link() fails where rename() would overwrite another file of that name.
            os.link(temporary, full_path)
        except FileExistsError:
            return self._save(self.get_available_name(name), content)
        finally:
            os.unlink(temporary)
        return name
