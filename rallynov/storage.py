import os
import tempfile
import time

from django.core.files.storage import FileSystemStorage


class AtomicFileSystemStorage(FileSystemStorage):
    """Files appear whole or not at all: a full disk leaves nothing half-written behind.

    They are written aside, in `.partial`, where a process that was killed may leave one: the worker
    clears it away.
    """

    @property
    def partial_folder(self):
        return os.path.join(self.location, ".partial")

    def forget_partial(self, older_than):
        """Remove what nobody has been writing to for so long (a timedelta)."""
        limit = time.time() - older_than.total_seconds()
        os.makedirs(self.partial_folder, exist_ok=True)
        for entry in os.scandir(self.partial_folder):
            if entry.stat().st_mtime < limit:
                os.unlink(entry.path)

    def _save(self, name, content):
        full_path = self.path(name)
        for folder in [os.path.dirname(full_path), self.partial_folder]:
            os.makedirs(folder, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.partial_folder)
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
