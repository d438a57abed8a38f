"""Portuguese (Portugal and Brazil)."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="pt",
    openers=phrases("em | a | no dia | no"),
    verbs=phrases("citando | escreveu | escreve | escreveram"),
    from_labels=phrases("de | remetente"),
    sent_labels=phrases("enviado | enviada | data | enviado em | enviada em | enviado a"),
    to_labels=phrases("para | cc | cco | bcc | destinatário | responder a"),
    subject_labels=phrases("assunto"),
    original=phrases("mensagem original | e-mail original | mensagem de"),
    forwarded=phrases("""
        mensagem encaminhada | mensagem reencaminhada | início da mensagem encaminhada |
        início da mensagem reencaminhada | forwarded message | encaminhado por | mensagem reenviada
    """),
    mobile=phrases("""
        enviado do meu | enviado do | enviado a partir | enviado de | enviado pelo | enviado via |
        enviada do meu | enviado com | obter o outlook | baixar outlook | obtenha o outlook |
        enviado por
    """),
    closings=phrases("""
        atenciosamente | att | atte | cumprimentos | com os melhores cumprimentos |
        melhores cumprimentos | cordialmente | abraços | abraço | um abraço | saudações | cumps |
        com os meus cumprimentos | os melhores cumprimentos | cordiais cumprimentos |
        obrigado e cumprimentos | sem mais | respeitosamente | grato
    """),
    thanks=phrases("""
        obrigado | obrigada | muito obrigado | muito obrigada | desde já obrigado | agradeço desde já |
        obrigado desde já | agradecido
    """),
    disclaimers=phrases("""
        esta mensagem e | esta mensagem é | esta mensagem pode | esta mensagem contém | este e-mail e |
        este email e | este e-mail é | este e-mail pode | a informação contida | as informações contidas |
        aviso legal | aviso de confidencialidade | antes de imprimir | pense no meio ambiente |
        pense no ambiente | se você não | se não for | caso tenha recebido | livre de vírus |
        proteja o ambiente
    """),
    disclaimer_words=phrases("""
        confidenc | destinatário | exclusiv | por engano | erro | proibid | divulgação | remetente |
        elimin | apag | autoriz | responsabilidade | cópia
    """),
    inline_hints=phrases("""
        ver abaixo | veja abaixo | respostas abaixo | em vermelho | em azul | no texto | e-mail abaixo |
        mensagem abaixo | encaminho | reencaminho
    """),
    reply_prefixes=phrases("re | res | resp"),
    forward_prefixes=phrases("fw | fwd | enc | encam | reenc"),
    vacation_subjects=phrases("""
        resposta automática | resposta automatica | ausência | ausência temporária | fora do escritório |
        fora do escritorio | ausente | de férias | em férias | mensagem automática | férias
    """),
    vacation_phrases=phrases("""
        estou fora do escritório | estarei ausente | estou de férias | encontro-me ausente |
        estou ausente | esta é uma mensagem automática | em caso de urgência
    """),
    more_labels=phrases("anexos | anexo | importância | prioridade"),
)
