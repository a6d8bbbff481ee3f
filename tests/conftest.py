"""What every test may ask for: the database, the cast, and the real product running."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import settings as examples

from tests import settings, stack

if TYPE_CHECKING:
    from voiceloop.server.core.models import Unit, User

MakePerson = Callable[..., "User"]

# Examples are counted, never timed: a busy machine is no failure. The same tree gives the same answer twice;
# who looks for what nobody thought of yet takes --hypothesis-profile=search.
examples.register_profile("same", deadline=None, derandomize=True)
examples.register_profile("search", deadline=None, max_examples=1000)
examples.load_profile("same")

# Tests that share something expensive go to one worker, the largest groups first: most journeys walk through
# one running product, the house knocks at one world. (xdist's own groups are lost on pytest 9.2.)
TOGETHER = {
    "tests/journeys/test_crisis.py": "crisis",
    "tests/journeys/": "live",
    "tests/analytics/engines/test_spark_": "cluster",
    "tests/house/test_charlie.py": "world",
    "tests/house/test_delivered_twice.py": "world",
    "tests/house/test_get_never_writes.py": "world",
    "tests/house/test_strangers.py": "world",
    "tests/server/act/playbooks/test_killed.py": "killed at every step",
    "tests/server/config/test_supervisor.py": "supervisor",
    "tests/server/test_killed.py": "killed",
    "tests/server/test_parity.py": "parity",
    "tests/server/understand/test_killed_relabelling.py": "killed relabelling",
    "tests/server/web/test_demo.py": "demo",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((group for path, group in TOGETHER.items() if nodeid.startswith(path)), nodeid)

    return Together(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        settings.SERVER_OF_TESTS.release()
        shutil.rmtree(settings.RUN, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the PostgreSQL of this process when the first test that needs it comes."""
    if settings.FOREIGN_DATABASE:
        yield
        return
    settings.SERVER_OF_TESTS.acquire()
    yield
    settings.SERVER_OF_TESTS.release()


@pytest.fixture(autouse=True)
def _language_of_the_house() -> Iterator[None]:
    """A browser that asked in English leaves its language behind for whoever comes next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_job_of_another_test(request: pytest.FixtureRequest) -> None:
    """Emptying the database after a test leaves its jobs where they are, and a queue takes each job once."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs")


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Stack]:
    """The demo company, running: what journeys walk through."""
    with demo_company(tmp_path_factory.mktemp("live")) as running:
        yield running


@contextmanager
def demo_company(folder: Path) -> Iterator[stack.Stack]:
    # A smaller company is made in less time; bin/demo makes the whole one.
    more = {"VOICELOOP_RATE_LIMIT": "100000", "VOICELOOP_DEMO_CUSTOMERS": "6000"}
    if settings.FOREIGN_DATABASE:
        name = f"voiceloop_{folder.name.rstrip('0123456789')}"
        more["DATABASE_URL"] = stack.database_of_its_own(settings.FOREIGN_DATABASE, name)
    with stack.running(folder / "data", command="demo", **more) as running:
        yield running


@pytest.fixture
def root(db: None) -> Unit:
    """The root of the organisation that Alice, Bob, Carol, Dora and Charlie work for."""
    from voiceloop.server.core.models import Unit

    return Unit.objects.create(code="root", name="总部", name_en="Head office", kind="company")


@pytest.fixture
def east(root: Unit) -> Unit:
    return type(root).objects.create(
        code="east", name="华东店", name_en="East store", kind="store", parent=root
    )


@pytest.fixture
def west(root: Unit) -> Unit:
    return type(root).objects.create(
        code="west", name="西部店", name_en="West store", kind="store", parent=root
    )


@pytest.fixture
def person(db: None) -> MakePerson:
    """Make a person of a role in a unit."""
    from voiceloop.server.core.models import User

    def make(name: str, role: str, unit: Unit) -> User:
        return User.objects.create_user(
            username=name.lower(),
            password="voiceloop",
            name=name,
            name_en=name,
            role=role,
            unit=unit,
            code=name.lower(),
        )

    return make


@pytest.fixture
def alice(person: MakePerson, east: Unit) -> User:
    return person("Alice", "agent", east)


@pytest.fixture
def bob(person: MakePerson, east: Unit) -> User:
    return person("Bob", "lead", east)


@pytest.fixture
def carol(person: MakePerson, east: Unit) -> User:
    return person("Carol", "analyst", east)


@pytest.fixture
def dora(person: MakePerson, root: Unit) -> User:
    return person("Dora", "admin", root)


@pytest.fixture
def charlie(person: MakePerson, west: Unit) -> User:
    """He may do everything in another branch, and must see nothing of the east."""
    return person("Charlie", "manager", west)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _reader_of_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences of the command line do not depend on the machine's language."""
    monkeypatch.setenv("VOICELOOP_LANG", os.environ.get("VOICELOOP_TEST_LANG", "en"))
