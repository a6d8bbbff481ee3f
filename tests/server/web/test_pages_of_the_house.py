"""The shell, the sign-in and the error pages, as a browser gets them."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path

from voiceloop.server.config import urls as product
from voiceloop.server.core.models import User


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/shell.html")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


urlpatterns = [
    path("", page, name="home"),
    path("broken/", broken),
    *product.urlpatterns,
]

pytestmark = [pytest.mark.urls("tests.server.web.test_pages_of_the_house"), pytest.mark.django_db]


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice", password="a-long-Secret-1", name="爱丽丝", role="agent")


class TestSignIn:
    def test_it_asks_strangers_to_sign_in(self, client: Client) -> None:
        assert client.get("/").headers["Location"] == "/accounts/login/?next=/"

    def test_it_speaks_chinese_first(self, client: Client) -> None:
        assert "<h1>登录</h1>" in client.get("/accounts/login/").content.decode()

    def test_it_speaks_english_when_asked(self, client: Client) -> None:
        answer = client.get("/accounts/login/", headers={"accept-language": "en"})
        assert "<h1>Sign in</h1>" in answer.content.decode()

    def test_it_lets_in_with_the_password(self, client: Client, alice: User) -> None:
        answer = client.post("/accounts/login/", {"login": "alice", "password": "a-long-Secret-1"})
        assert answer.headers["Location"] == "/"

    def test_it_refuses_another_password(self, client: Client, alice: User) -> None:
        answer = client.post("/accounts/login/", {"login": "alice", "password": "guess"})
        assert 'role="alert"' in answer.content.decode()

    def test_it_shows_the_second_step_in_the_shell(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert 'class="side"' in client.get("/accounts/2fa/").content.decode()


class TestShell:
    def test_it_names_who_is_signed_in(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert "<strong>爱丽丝</strong>" in client.get("/").content.decode()

    def test_it_repeats_the_title_as_the_heading(self, rf: RequestFactory) -> None:
        page = Template('{% extends "web/shell.html" %}{% block title %}Cases{% endblock %}')
        assert "<h1>Cases</h1>" in page.render(RequestContext(rf.get("/")))

    def test_it_runs_no_inline_script(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert "<script>" not in client.get("/").content.decode()

    def test_it_returns_to_the_page_when_the_language_changes(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        assert 'name="next" value="/?a=1"' in client.get("/?a=1").content.decode()


class TestErrors:
    def test_it_says_what_to_do_when_nothing_is_there(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        answer = client.get("/nowhere/")
        assert (answer.status_code, "请检查地址" in answer.content.decode()) == (404, True)

    def test_it_says_what_to_do_when_we_fail(self, client: Client, alice: User) -> None:
        client.force_login(alice)
        client.raise_request_exception = False
        answer = client.get("/broken/")
        assert (answer.status_code, "请稍后重试" in answer.content.decode()) == (500, True)

    @pytest.mark.parametrize("name", ["403.html", "403_csrf.html"])
    def test_it_offers_a_way_back_when_it_refuses(self, name: str, rf: RequestFactory) -> None:
        assert 'href="/"' in render_to_string(name, request=rf.get("/"))
