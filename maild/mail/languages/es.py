"""Spanish."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="es",
    openers=phrases("el | en un mensaje con fecha"),
    verbs=phrases("citando | escribió | escribio | escribe | ha escrito"),
    from_labels=phrases("de | remitente"),
    sent_labels=phrases("enviado | enviado el | fecha | enviada el | fecha de envío"),
    to_labels=phrases("para | cc | cco | bcc | destinatario | responder a"),
    subject_labels=phrases("asunto"),
    original=phrases("mensaje original | correo original | mensaje de | cita original"),
    forwarded=phrases("""
        mensaje reenviado | inicio del mensaje reenviado | forwarded message |
        inicio de mensaje reenviado | correo reenviado | mensaje reenviado por
    """),
    mobile=phrases("""
        enviado desde mi | enviado desde | enviado con | enviado a través de | enviado mediante |
        obtener outlook | obtenga outlook | descargar outlook
    """),
    closings=phrases("""
        saludos | un saludo | saludos cordiales | cordialmente | atentamente | atte | un cordial saludo |
        cordiales saludos | muchos saludos | un abrazo | abrazos | saludos y gracias | gracias y saludos |
        gracias, saludos | muchas gracias y saludos | le saluda atentamente | reciba un cordial saludo |
        saluda atentamente
    """),
    thanks=phrases("""
        gracias | muchas gracias | gracias de antemano | mil gracias | muchas gracias de antemano
    """),
    disclaimers=phrases("""
        este mensaje y sus | este mensaje y los | este mensaje es confidencial |
        este mensaje puede contener | este mensaje va dirigido | este mensaje contiene |
        este correo electrónico | este correo y | la información contenida en este |
        la información incluida en | aviso legal | aviso de confidencialidad |
        cláusula de confidencialidad | antes de imprimir | piense en el medio ambiente |
        por favor, piense | si usted no es | si ha recibido este | libre de virus
    """),
    disclaimer_words=phrases("""
        confidencial | destinatario | exclusiv | por error | prohibid | divulgación | eliminar | borrar |
        remitente | autoriza | responsabilidad | copia
    """),
    inline_hints=phrases("""
        ver abajo | ver más abajo | respuestas abajo | en rojo | en azul | en el texto | entre líneas |
        mensaje de abajo | correo de abajo | te reenvío | le reenvío | reenvío
    """),
    reply_prefixes=phrases("re | resp | respuesta"),
    forward_prefixes=phrases("fw | fwd | rv | reenv | reenvío"),
    vacation_subjects=phrases("""
        respuesta automática | respuesta automatica | fuera de la oficina | fuera de oficina | ausente |
        ausencia | de vacaciones | mensaje automático | autorespuesta | auto-respuesta | acuse de recibo
    """),
    vacation_phrases=phrases("""
        estoy fuera de la oficina | estaré fuera de la oficina | estoy de vacaciones |
        me encuentro fuera | este es un mensaje automático | en caso de urgencia
    """),
    more_labels=phrases("datos adjuntos | adjuntos | importancia"),
)
