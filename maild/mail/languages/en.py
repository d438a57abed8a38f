"""English."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="en",
    openers=phrases("on | at | in a message dated"),
    verbs=phrases("quoting | wrote | writes | said | has written | sent"),
    from_labels=phrases("from | sender"),
    sent_labels=phrases("sent | date | sent on | date sent | received"),
    to_labels=phrases("to | cc | bcc | reply-to | reply to | recipient | recipients | sent to | copy"),
    subject_labels=phrases("subject | re"),
    original=phrases("""
        original | original message | reply message | original e-mail | original email | original mail |
        original appointment | message from | end of original message | quoted message
    """),
    forwarded=phrases("""
        forwarded message | forwarded mail | begin forwarded message | forwarded by |
        original message forwarded | forwarded email | forwarded e-mail | start of forwarded message
    """),
    mobile=phrases("""
        sent from my | sent from iphone | sent from ipad | sent from mobile | sent from outlook |
        sent from yahoo mail | sent from mail for windows | sent from samsung | sent from proton |
        sent from gmail | sent from android | sent from galaxy | sent from blue | sent from a | sent from an |
        sent from the | sent from aol | sent from mailspring | sent from airmail | sent from spark |
        sent from front | sent from canary | sent from fastmail | sent from an iphone | sent via my |
        sent via blackberry | sent via the samsung | sent via proton | sent using | sent with proton |
        sent with tutanota | sent with aquamail | sent with spark | sent with airmail |
        sent with mailspring | sent with shift | sent with unibox | sent with fairemail |
        sent with mimestream | sent on the move | sent on the go | sent by my | sent wirelessly |
        sent securely with | sent secured with | sent securely from | sent through my |
        sent while mobile | get outlook for | get bluemail for | download outlook for |
        yahoo mail: search, organize | envoy from my | typed on my phone | written on my phone |
        excuse typos | please excuse any typos | please excuse brevity | please excuse my brevity |
        please excuse the brevity | via newton mail | composed on my | from my iphone | from my ipad |
        from my android | get outlook for ios | secured with tuta | sent from windows mail |
        connected by | sent out from my
    """),
    closings=phrases("""
        regards | best regards | kind regards | kindest regards | warm regards | warmest regards |
        with kind regards | with best regards | with regards | with warm regards | my best regards |
        best | all the best | best wishes | with best wishes | kind wishes | warm wishes | warmly |
        cheers | sincerely | yours sincerely | sincerely yours | yours faithfully | yours truly | yours |
        very truly yours | respectfully | respectfully yours | cordially | br | rgds | rgrds | kr | rgs |
        brgds | kindly | with thanks and regards | thanks and regards | thanks & regards |
        thank you and regards | thanks and best regards | thanks & best regards |
        thanks and kind regards | many thanks and kind regards | thank you and kind regards |
        thanks with regards | take care | regards and thanks | best regards and thanks | greetings |
        kind greetings | many greetings | have a nice day | have a great day | have a good day |
        with friendly greetings | friendly regards | thanks, regards | thank you, regards |
        thanks, best regards | thanks, kind regards | love | xoxo
    """),
    thanks=phrases("""
        thanks | thank you | many thanks | thanks a lot | thanks again | thank you very much |
        thanks in advance | with thanks | thx | tia | thank you in advance | thanks so much | ta |
        thank you again | thanks very much | much appreciated | many thanks in advance | tnx | thanx
    """),
    disclaimers=phrases("""
        confidentiality notice | confidentiality note | confidentiality statement | legal disclaimer |
        disclaimer: | disclaimer notice | email disclaimer | e-mail disclaimer | important notice: |
        this e-mail and any attachment | this email and any attachment | this e-mail and any files |
        this email and any files | this message and any attachment | this e-mail is confidential |
        this email is confidential | this message is confidential | this e-mail may contain |
        this email may contain | this message may contain | this e-mail message is intended |
        this email message is intended | this e-mail is intended | this email is intended |
        this message is intended | this message contains confidential | this email contains confidential |
        this e-mail contains confidential | this communication is | this communication may |
        this transmission | this e-mail, including | this email, including | this message, including |
        the information contained in this | the information transmitted | the information in this e |
        the content of this e | the contents of this e | the content of this m |
        information in this email | any views or opinions | any unauthorized | any unauthorised |
        please consider the environment | consider the environment before | think before you print |
        please don't print this | if you are not the intended | if you have received this e |
        if you have received this m | if you received this e | this e-mail has been scanned |
        this email has been scanned | this message has been scanned |
        this email has been checked for viruses | this e-mail has been checked for viruses |
        virus-free. www | registered in england | registered office: | no virus found in this |
        checked by avg | scanned by | notice: this e | privileged and confidential |
        privileged/confidential | private and confidential | the sender does not accept |
        e-mail transmission cannot | this email was sent to | this message was sent to |
        this email originated | unless otherwise stated, this | all our offers and agreements |
        all our services are subject to
    """),
    disclaimer_words=phrases("""
        confidential | intended recipient | addressee | intended solely | intended only | privileged |
        disclosure | unauthorized | unauthorised | strictly prohibited | notify the sender | delete it |
        received this | in error | liability | copying | virus | legally | distribution | addressed |
        named above | dissemination | monitored
    """),
    inline_hints=phrases("""
        see inline | inline below | answers inline | answer inline | comments inline | replies inline |
        reply inline | responses inline | response inline | answered inline | commented inline |
        see below | see my answers | see my comments | see my replies | see my responses | answers below |
        comments below | responses below | replies below | my answers in | my comments in | in red |
        in blue | in green | in bold | in-line | in line below | answered below | replied below |
        between the lines | in your text | in your mail below | in your email below | mail below |
        email below | e-mail below | message below | forwarding | inline: |
        next to the question | next to each | after each question | below each question |
        under each question | behind each question | answered your questions |
        answers to your questions are | highlighted in | in purple |
        in orange
    """),
    reply_prefixes=phrases("re | reply"),
    forward_prefixes=phrases("fw | fwd | forward"),
    vacation_subjects=phrases("""
        automatic reply | auto reply | auto-reply | autoreply | auto response | auto-response |
        autoresponse | automatic response | automated reply | automated response | out of office |
        out-of-office | ooo: | vacation | on vacation | away from my mail | away from office |
        away from the office | absence notice | i am out of the office | i'm out of the office |
        on leave | annual leave | auto: | autosvar | thank you for your email | thank you for contacting |
        currently out of the office | vacation reply | vacation notice | holiday notice |
        maternity leave | parental leave | out of the office | auto answer | [auto-reply] | [auto reply] |
        on holiday:
    """),
    vacation_phrases=phrases("""
        i am out of the office | i'm out of the office | i am currently out of | i'm currently out of |
        i will be out of the office | i am on vacation | i am on holiday | i am on annual leave |
        i am away from the office | limited access to e | no access to my e | will be back on |
        i will return on | this is an automatic | this is an automated | on maternity leave |
        on parental leave | in urgent cases, please contact | i will reply when i return
    """),
    more_labels=phrases("attachments | attachment | importance | priority | sensitivity | categories"),
)
