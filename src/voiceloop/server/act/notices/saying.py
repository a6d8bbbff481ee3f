"""What a robot says of all that happened: few lines at once, a summary when it is much, each at most once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voiceloop.server.act.models import Notice, Robot, RobotPost
from voiceloop.server.act.notices import robots
from voiceloop.server.act.notices.flavours import Words
from voiceloop.server.act.notices.outgoing import NotNow, Refused
from voiceloop.server.act.notices.reading import href_of

HOUR = timedelta(hours=1)
# More than these at once are one message.
ALONE, LINES, TRIES = 3, 8, 5
INTERRUPTED = "interrupted while it was said"
Say = Callable[[Robot, Words], None]


def say_waiting(pk: int, *, say: Say = robots.say) -> int:
    """Say what waits for one robot; return how many messages went out."""
    n = 0
    while batch := _claimed(pk):
        robot, posts = batch
        if not _say(robot, posts, say):
            break
        n += 1
    return n


@transaction.atomic
def _claimed(pk: int) -> tuple[Robot, list[RobotPost]] | None:
    """Take what goes into the next message; the try is counted before anything leaves."""
    robot = Robot.objects.select_for_update().filter(pk=pk, archived_at=None).first()
    if robot is None:
        return None
    waiting = RobotPost.objects.filter(robot=robot, said_at=None, failed_at=None)
    # Whoever died while saying these left nobody who knows whether they were heard.
    waiting.filter(n_tries__gt=0, error="").update(failed_at=now(), error=INTERRUPTED)
    due = waiting.filter(at__lte=now()).select_related("event__by", "event__unit").order_by("event_id")
    posts: list[RobotPost] = list(due)
    if not posts or _left(robot) <= 0:
        return None
    mine = posts if len(posts) > min(ALONE, _left(robot)) else posts[:1]
    for post in mine:
        post.n_tries, post.error, post.in_summary = post.n_tries + 1, "", len(mine) > 1
    RobotPost.objects.bulk_update(mine, ["n_tries", "error", "in_summary"])
    return robot, mine


def _left(robot: Robot) -> int:
    """How many messages this hour still has room for; a summary is one, whatever it holds."""
    lately = RobotPost.objects.filter(robot=robot, said_at__gt=now() - HOUR)
    return robot.per_hour - lately.values("said_at").distinct().count()


def _say(robot: Robot, posts: list[RobotPost], say: Say) -> bool:
    with translation.override(robot.language):
        words = words_of(posts)
    try:
        say(robot, words)
    except Refused as error:
        _mark(posts, error=str(error)[:300], failed_at=now())
        return True
    except NotNow as error:
        _later(posts, error)
        return False
    _mark(posts, said_at=now())
    return True


def words_of(posts: list[RobotPost]) -> Words:
    """One event by its sentence; several by their counts and the newest of them."""
    if len(posts) == 1:
        return Words(_kind(posts[0].kind), (_line(posts[0]),))
    kinds = Counter(post.kind for post in posts)
    counted = " · ".join(f"{_kind(kind)} {n}" for kind, n in kinds.most_common())
    title = ngettext("%(n)s thing happened", "%(n)s things happened", len(posts)) % {"n": len(posts)}
    newest = [_line(post) for post in posts[::-1][:LINES]]
    rest = len(posts) - len(newest)
    more = ((_("and %(n)s more") % {"n": rest}, f"{settings.BASE_URL}/notices/"),) if rest else ()
    return Words(title, ((counted, ""), *newest, *more))


def _line(post: RobotPost) -> tuple[str, str]:
    """Of a customer not even the name: a group chat is read by whoever is in it."""
    case = post.event.data.get("case")
    names = " ".join(f"@{name}" for name in post.names)
    parts = [names, f"#{case}" if case else "", post.event.sentence]
    return " · ".join(part for part in parts if part), settings.BASE_URL + href_of(post.event)


def _kind(kind: str) -> str:
    return str(Notice.Kind(kind).label)


def _later(posts: list[RobotPost], error: NotNow) -> None:
    for post in posts:
        wait = max(error.after, 60.0 * 2 ** (post.n_tries - 1))
        post.error, post.at = str(error)[:300], now() + timedelta(seconds=wait)
        post.failed_at = now() if post.n_tries >= TRIES else None
    RobotPost.objects.bulk_update(posts, ["error", "at", "failed_at"])


def _mark(posts: list[RobotPost], **values: object) -> None:
    RobotPost.objects.filter(pk__in=[post.pk for post in posts]).update(**values)
