"""What somebody wrote now, and what their mail program repeated below it."""

from __future__ import annotations

import re

# The line above a quotation, as the mail programs of our customers write it.
_ABOVE = re.compile(
    r"^\s*(?:"
    r"On .{4,120} wrote:|Le .{4,120} a écrit\s*:|Am .{4,120} schrieb.{0,80}:|"
    r"(?:在|于).{4,120}(?:写道|写到)\s*[:：]|.{2,80}(?:写道|写到)\s*[:：]|"
    r"-{2,}\s*(?:Original Message|Forwarded message|原始邮件|原邮件|转发邮件|回复的原邮件).{0,40}|"
    r"_{20,}|"
    r"(?:From|发件人|寄件者)\s*[:：].+"
    r")\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(?:-- |--|—{2,}|发自我的.{2,20}|Sent from my .{2,30})$")
# "From:" alone may be the customer's own words; as the head of a mail other lines follow it.
_HEAD = re.compile(r"^\s*(?:From|发件人|寄件者)\s*[:：]", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(
    r"^\s*(?:Sent|Date|To|Subject|发送时间|发送日期|日期|收件人|主题|抄送)\s*[:：]", re.IGNORECASE
)


def trim(text: str) -> tuple[str, str]:
    """What was said and what was repeated; a mail of quotations only is all said."""
    lines = text.replace("\r\n", "\n").split("\n")
    end = next((n for n in range(len(lines)) if _begins_quote(lines, n)), len(lines))
    said, quoted = lines[:end], lines[end:]
    while said and not said[-1].strip():
        said.pop()
    cut = next((n for n, line in enumerate(said) if n and _SIGNATURE.match(line)), len(said))
    said, quoted = said[:cut], [*said[cut:], *quoted]
    kept = "\n".join(said).strip()
    return (kept, "\n".join(quoted).strip()) if kept else (text.strip(), "")


def _begins_quote(lines: list[str], n: int) -> bool:
    line = lines[n]
    if _HEAD.match(line):
        return any(_HEAD_GOES_ON.match(after) for after in lines[n + 1 : n + 4])
    if _ABOVE.match(line):
        return True
    # A head that its program broke into two lines.
    if n + 1 < len(lines) and line.strip() and not line.startswith(">"):
        joined = f"{line.strip()} {lines[n + 1].strip()}"
        if joined.endswith(("wrote:", "写道：", "写道:")) and _ABOVE.match(joined):
            return True
    # A block of quoted lines down to the end: an answer below a quotation stays whole.
    return line.startswith(">") and all(rest.startswith(">") or not rest.strip() for rest in lines[n:])
