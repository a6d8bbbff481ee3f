"""The addresses of conversations, of the ways in, and of what customers open themselves."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from voiceloop.server.act.threads import chat_views, inlet_views, search_views, views, wechat_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<int:pk>/conversation/", views.conversation, name="case_conversation"),
    path("cases/<int:pk>/replies/", views.reply, name="case_reply"),
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/withdrawal/", views.withdraw, name="post_withdraw"),
    path("posts/<int:pk>/retry/", views.retry, name="post_retry"),
    path("posts/<int:pk>/words/", views.words, name="post_words"),
    path("cases/search/", search_views.search, name="said"),
    path("channels/", inlet_views.inlet_list, name="channels"),
    path("channels/new/<str:kind>/", inlet_views.inlet_new, name="inlet_new"),
    path("channels/<int:pk>/", inlet_views.inlet_edit, name="inlet"),
    path("channels/<int:pk>/test/", inlet_views.inlet_test, name="inlet_test"),
    path("chat/<str:slug>/", chat_views.chat, name="chat"),
    path("chat/<str:slug>/messages/", chat_views.messages, name="chat_messages"),
    path("chat/<str:slug>/files/<int:pk>/", chat_views.chat_file, name="chat_file"),
    path("wechat/<str:slug>/", wechat_views.callback, name="wechat"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
