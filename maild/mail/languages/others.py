"""Subject prefixes that clients of languages without a table of their own write: Turkish, Greek, Bulgarian, Slovene,
Croatian, Estonian, Latvian, Lithuanian, Hebrew, Arabic, Chinese, Japanese, Korean, Indonesian, Vietnamese."""

from __future__ import annotations

from maild.mail.languages.table import phrases

REPLY_PREFIXES = phrases("""
    ynt | yan | yanıt | yanit | cevap | απ | απάντηση | σχετ | отг | отговор | odg | atb | ats | השב | תשובה | רה | رد |
    回复 | 回覆 | 答复 | 答覆 | 返信 | 回信 | 회신 | 답장 | bls | tl | trả lời | одг
""")
FORWARD_PREFIXES = phrases("""
    ilt | i̇lt | πρθ | προώθηση | прп | препр | препратено | posr | prosl | proslijeđeno | posredovano | edasi |
    pārsūtīts | pers | persiųsta | הועבר | إعادة توجيه | إعادة | 转发 | 轉寄 | 轉發 | 転送 | 전달 | trs |
    chuyển tiếp | прослеђено
""")
