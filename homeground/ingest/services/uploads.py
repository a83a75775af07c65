"""Files that came in by the console: kept, mapped, tried, run by a job."""

import logging
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from homeground.core import time
from homeground.core.env import env
from homeground.core.errors import BusinessError
from homeground.ingest.errors import ImportUnderWay, UnreadableFile, UploadTooLarge
from homeground.ingest.files.reading import Wish, settled
from homeground.ingest.models import FileImport
from homeground.ingest.services.imports import import_file, preview

JOB = "ingest.run_import"
MOST_MEGABYTES = 512
_SECONDS_BETWEEN_SIGNS = 1.0
_DEAD_AFTER = timedelta(minutes=2)  # Without a sign of life: the process that ran it is gone.
_State = FileImport.State
_log = logging.getLogger(__name__)


def keep_upload(file: "File[bytes]", kind: str, preset: str | None, by: str) -> FileImport:
    """Keep an uploaded file as a draft. Raises UploadTooLarge or UnreadableFile, with nothing kept."""
    if (file.size or 0) > MOST_MEGABYTES * 1024 * 1024:
        raise UploadTooLarge(MOST_MEGABYTES)
    name = Path(file.name or "").name.replace("\0", "")[-100:] or "file"
    folder = env.folder / "uploads" / uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    path = folder / name
    try:
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        preview(path)
    except (OSError, UnreadableFile):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    options = {"preset": preset} if preset else {}
    return FileImport.objects.create(kind=kind, file_name=name, path=str(path), options=options, made_by=by[:150])


def settle(row: FileImport, options: Mapping[str, Any]) -> None:
    """Say how a draft is to be read. Raises the refusal that names what is wrong, with nothing changed."""
    columns, _rows = preview(Path(row.path))
    settled(_wish(row.kind, options), columns)
    FileImport.objects.filter(pk=row.pk, state__in=[_State.DRAFT, _State.FAILED]).update(
        options=dict(options), trial=None
    )


def start(row: FileImport, *, dry_run: bool) -> None:
    """Have a job try the file, or take it in. Raises ImportUnderWay."""
    dead = Q(state__in=[_State.QUEUED, _State.RUNNING], seen_at__lt=time.now() - _DEAD_AFTER)
    with transaction.atomic():
        ready = FileImport.objects.filter(Q(state__in=[_State.DRAFT, _State.FAILED]) | dead, pk=row.pk)
        if not ready.update(state=_State.QUEUED, seen_at=time.now(), rows_read=0, share_read=0, failure=""):
            raise ImportUnderWay
        jobs.configure_task(JOB).defer(import_id=row.pk, dry_run=dry_run)


def run(import_id: int, *, dry_run: bool) -> None:
    """What the job does. A dry run leaves a draft; a refusal or a failure says why and may be started again."""
    row = FileImport.objects.get(pk=import_id)
    FileImport.objects.filter(pk=import_id).update(state=_State.RUNNING, seen_at=time.now())
    try:
        result = import_file(Path(row.path), _wish(row.kind, row.options), dry_run=dry_run, progress=_signs(import_id))
    except BusinessError as refusal:
        _failed(import_id, str(refusal))
    except Exception:
        _failed(import_id, _("导入时出错，已记入日志；已导入的部分不会重复，可以重新开始。"))
        _log.exception("The import of file %s failed", import_id)
    else:
        _finished(import_id, result, dry_run=dry_run)


def _finished(import_id: int, result: Mapping[str, Any], *, dry_run: bool) -> None:
    if dry_run:
        FileImport.objects.filter(pk=import_id).update(state=_State.DRAFT, trial=result)
    else:
        FileImport.objects.filter(pk=import_id).update(state=_State.DONE, result=result, finished_at=time.now())


def _failed(import_id: int, reason: str) -> None:
    FileImport.objects.filter(pk=import_id).update(state=_State.FAILED, failure=reason[:500])


def _signs(import_id: int) -> Any:
    """Progress in the row, about once a second. A dry run's own transaction shows none until its end."""
    last = monotonic()

    def sign(rows: int, done: float) -> None:
        nonlocal last
        if monotonic() - last >= _SECONDS_BETWEEN_SIGNS:
            last = monotonic()
            FileImport.objects.filter(pk=import_id).update(rows_read=rows, share_read=done, seen_at=time.now())

    return sign


def _wish(kind: str, options: Mapping[str, Any]) -> Wish:
    return Wish(
        kind=kind,
        preset=options.get("preset") or None,
        columns=options.get("columns") or {},
        currency=options.get("currency") or None,
        time_zone=options.get("time_zone") or None,
        date_format=options.get("date_format") or None,
        is_complete=True,
    )
