"""整改: what may need mending. The program lists; finance decides which of it a unit has to mend, and what of it is enough.

A matter is known by its project, whence it comes and what it is about, never by its figures or its row: so it is the same one after
the next review. What comes from elsewhere than a review's result (another inspection, an audit) is handed in as matters of its own source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from workbook_tools.core.digests import digest_facts
from workbook_tools.rules.setting_base import Fraction, Setting


class MatterOrigin(StrEnum):
    """Whence the matters of a review's result come."""

    MISSING = "没有报送"
    ERROR = "审核错误"
    LOSS = "失分"
    SECOND_LOOK = "复核"


class RectifySettings(BaseModel):
    """整改 (wbt.toml: [rectify])."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lost_share: Annotated[
        float, Field(gt=0, le=1), Fraction(), Setting("失分多少列为备选", "失分占权重这么多或者更多的指标列出来")
    ] = 0.2
    """An indicator that lost so much of its weight or more is listed."""
    mend_by: Annotated[
        str, Setting("整改期限", "印在整改通知书上；发通知时写的期限也记在这里", example="2025年6月30日")
    ] = ""
    """``wbt rectify --by`` writes it."""
    notice_number: Annotated[str, Setting("整改通知书的发文字号", "空着就不印", example="某财绩〔2025〕7号")] = ""
    notice_date: Annotated[str, Setting("整改通知书的成文日期", "空着就留出位置手写", example="2025年5月8日")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that may need mending, of one project."""

    code: str
    name: str
    department: str
    unit: str
    origin: str
    """Whence it comes: an :class:`MatterOrigin`, or whatever else is handed in."""
    key: str
    """What tells it from others of its project and origin; never its figures."""
    found: str
    """What was found, with where, in words."""
    advice: str
    """What might be required; finance words it."""

    @property
    def number(self) -> str:
        """编号: the same for the same matter in every review."""
        return digest_facts(self.code, str(self.origin), self.key)[:10]
