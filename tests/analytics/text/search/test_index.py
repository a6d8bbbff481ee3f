"""Search finds what was meant by words, in both scripts, and forgets what is taken out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.search import meaning
from voiceloop.analytics.text.search.index import Index

TEXTS = [
    "怎么申请退款？",
    "退款到銀行卡要幾天",
    "How do I get a refund?",
    "My card was declined twice, order 4512",
    "快递太慢了，等了25分钟",
    "ＶＩＰ客户没有优惠",
]


@pytest.fixture
def index() -> Index:
    return Index.build(list(range(len(TEXTS))), TEXTS)


def found(index: Index, query: str, **more: object) -> list[int]:
    return [hit.id for hit in index.search(query, 5, **more)]  # type: ignore[arg-type]


class TestSearch:
    def test_it_ranks_the_best_words_first(self, index: Index) -> None:
        assert found(index, "退款 银行卡")[0] == 1

    @pytest.mark.parametrize(("query", "document"), [("银行卡", 1), ("VIP", 5), ("refunds", 2), ("4512", 3)])
    def test_script_width_case_and_endings_do_not_matter(
        self, index: Index, query: str, document: int
    ) -> None:
        assert found(index, query) == [document]

    def test_a_phrase_is_found_letter_for_letter(self, index: Index) -> None:
        assert found(index, '"申请退款"') == [0]
        assert found(index, '"get refund"') == []

    def test_what_must_not_be_there_is_left_out(self, index: Index) -> None:
        assert found(index, "退款 -银行卡") == [0]

    def test_without_anything_asked_nothing_is_found(self, index: Index) -> None:
        assert found(index, "") == found(index, "?!") == found(index, "-退款") == []

    def test_numbers_are_themselves(self, index: Index) -> None:
        assert found(index, '"25分钟"') == [4]
        assert found(index, '"24分钟"') == []

    def test_it_shows_the_words_that_were_meant(self, index: Index) -> None:
        hit = index.search("銀行卡")[0]
        assert [hit.text[start:end] for start, end in hit.spans] == ["銀行卡"]

    def test_it_is_narrowed_by_columns(self) -> None:
        index = Index.build([1, 2], ["退款", "退款"], columns={"unit": [7, 8]})
        assert found(index, "退款", where=lambda columns: np.asarray(columns["unit"]) == 8) == [2]

    def test_documents_have_fields_and_names(self) -> None:
        index = Index.build(
            ["a-1", "b-2"], [{"title": "退款", "body": "三天到账"}, {"title": "发票", "body": ""}]
        )
        assert [hit.id for hit in index.search("到账")] == ["a-1"]

    @pytest.mark.parametrize("text", ["", "😀😀", "\x00\x01", "\ud800", "a" * 100_000, "好" * 50_000])
    def test_whatever_people_write_is_no_error(self, text: str) -> None:
        index = Index.build([1], [text])
        index.search(text)
        index.search("好")


class TestAdd:
    def test_a_known_id_is_replaced(self, index: Index) -> None:
        index.add([0, 9], ["发票在哪里", "退款进度"])
        assert found(index, "申请退款")[0] == 9
        assert len(index) == len(TEXTS) + 1

    def test_the_same_text_is_not_written_again(self, index: Index) -> None:
        assert index.add([0, 1], TEXTS[:2]) == 0

    def test_many_small_additions_become_one_part(self) -> None:
        index = Index()
        for number in range(20):
            index.add([number], [f"订单{number}号没有收到"], columns={"unit": [number]})
        assert len(index.segments) < 8
        assert len(found(index, "订单没有收到")) == 5

    def test_ids_are_not_repeated(self) -> None:
        with pytest.raises(AnalyticsError):
            Index.build([1, 1], ["a", "b"])


class TestRemove:
    def test_nothing_of_the_text_stays(self, index: Index, tmp_path: Path) -> None:
        index.save(tmp_path)
        index.remove([1])
        index.save(tmp_path)
        kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*.npy"))
        assert "銀行卡".encode() not in kept
        assert "申请退款".encode() in kept
        assert 1 not in found(Index.load(tmp_path), "银行卡 退款")


class TestSave:
    def test_it_answers_the_same_after_loading(self, index: Index, tmp_path: Path) -> None:
        index.save(tmp_path)
        assert Index.load(tmp_path).search("退款") == index.search("退款")

    def test_a_reader_of_the_old_one_goes_on(self, index: Index, tmp_path: Path) -> None:
        index.save(tmp_path)
        reader = Index.load(tmp_path)
        index.remove([0])
        index.save(tmp_path)
        assert 0 in found(reader, "申请退款")
        assert 0 not in found(Index.load(tmp_path), "申请退款")

    def test_none_is_an_empty_one(self, tmp_path: Path) -> None:
        assert len(Index.load(tmp_path / "none")) == 0

    def test_a_damaged_one_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "index.json").write_text("{")
        with pytest.raises(AnalyticsError):
            Index.load(tmp_path)


class TestMeaning:
    def test_it_works_without_the_extra(self, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(meaning, "is_installed", lambda: False)
        assert found(index, "申请退款", semantic=True)[0] == 0

    def test_another_language_means_the_same(self) -> None:
        texts = ["我的包裹丢了", "今天天气很好", "这家餐厅很吵"]
        index = Index.build([1, 2, 3], texts, semantic=True)
        assert [hit.id for hit in index.search("my parcel got lost", 1)] == [1]
