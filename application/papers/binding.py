"""立卷 The whole file of a case as one document: cover, index, every paper of the record and every scan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from application.case.disclosure.withheld import withheld
from application.case.files import FiledFile, filed_in
from application.case.page import CasePage, page
from application.files import Files, NoPicture, NoSuchFile, Pictures
from application.papers.blocks import Block, Prose, Scanned, Sheet
from application.papers.lists import BOUND_ONCE, FORMS, SIGNED_BY_HAND
from application.papers.press import Cover, Press
from application.papers.service import Papers
from application.papers.telling import UNKNOWN, Say, Telling, chinese
from domain.case.case import DisputeCase
from domain.case.kinds import Paper
from domain.shared.calendar import local_day
from domain.shared.decider import History
from domain.shared.values import CaseId, Sha256

T = TypeVar("T")
Aside = Callable[[Callable[[], T]], T]
OTHERS = "其他材料"


class CaseBinder:
    """`application.files.Binder`. `aside`: whoever waits meanwhile goes on."""

    def __init__(
        self, papers: Papers, press: Press, files: Files, pictures: Pictures, say: Say, aside: Aside[Sha256]
    ) -> None:
        self._papers, self._press, self._files, self._pictures = papers, press, files, pictures
        self._say, self._aside = say, aside

    def bind(self, history: History[DisputeCase]) -> Sha256:
        return self._aside(lambda: self._files.put(CaseId(history.id), self.bound(history)))

    def bound(self, history: History[DisputeCase]) -> bytes:
        """The same for the same events and files. Raises NotSet, FilesAway."""
        known = withheld(history)
        read = page(known)
        sheets = [*self._sheets(known, read)]
        closed = local_day(known.entries[-1].occurred_at)
        made = self._papers.document(
            history.id, f"人民调解卷宗 {read.state.code}", closed, sheets, cover=self._cover(read)
        )
        return self._press.pdf(made)

    def _sheets(self, history: History[DisputeCase], read: CasePage) -> Iterator[Sheet]:
        """In the order of the forms, each with its scans behind it; what was signed by hand in its place."""
        filed = [] if read.state.withheld else [one for one in filed_in(read) if not one.is_whole]
        numbers = sorted(read.state.mediations)
        happened = {line.name.removeprefix("case.") for line in read.timeline}
        for name, form in FORMS.items():
            if name in BOUND_ONCE and BOUND_ONCE[name] not in happened:
                continue
            scans = [one for one in filed if one.paper == name]
            signed = [one for one in scans if name in SIGNED_BY_HAND]
            for number in numbers if form.per_mediation else [1]:
                mine = [one for one in signed if one.mediation in (None, number)]
                if not mine and (sheet := self._papers.sheet(history, name, None, number)):
                    yield sheet
            yield from (self._scan(read, one) for one in scans)
        names = set(FORMS)
        yield from (self._scan(read, one) for one in filed if one.paper not in names)

    def _scan(self, read: CasePage, one: FiledFile) -> Sheet:
        title = self._say(Paper(one.paper)) if one.paper else OTHERS
        return Sheet(
            one.paper or "other", title, read.state.code, self._shown(read, one), one.version, local_day(one.at),
            one.sha256,
        )  # fmt: skip

    def _shown(self, read: CasePage, one: FiledFile) -> list[Block]:
        try:
            return [Scanned(self._pictures.pages(self._files.get(CaseId(read.id), one.sha256)))]
        except NoSuchFile:
            return [Prose("原件另行保存，系统内只登记了内容摘要。")]
        except NoPicture:
            return [Prose("文件不能显示为图片，原文件随卷保存在系统内。")]

    def _cover(self, read: CasePage) -> Cover:
        telling: Telling = self._papers.telling(read, max(read.state.mediations, default=1))
        state = read.state
        held = [line.occurred_at for line in telling.of("session_held")]
        closed = telling.done("closed")
        lines = (
            ("卷　　号", telling.number),
            ("案　　号", state.code),
            ("纠纷类型", self._say(state.category) if state.category else UNKNOWN),
            ("当 事 人", telling.names(telling.present)),
            ("调 解 员", telling.names(telling.state.mediators) if telling.state else UNKNOWN),
            ("受理日期", chinese(telling.registered_on)),
            ("调解日期", chinese(held[0]) if held else UNKNOWN),
            ("结案日期", chinese(closed.occurred_at) if closed else UNKNOWN),
            ("结案方式", self._say(state.result) if state.result else UNKNOWN),
        )
        return Cover("人民调解卷宗", telling.name(state.holder), lines)
