"""French (France, Belgium, Switzerland, Canada)."""

from __future__ import annotations

from maild.mail.languages.table import Language, phrases

TABLE = Language(
    code="fr",
    openers=phrases("le | dans un e-mail daté du | dans un message daté du | dans un courriel du"),
    verbs=phrases("citation de | a écrit | a ecrit | écrit | ecrit | écrivait | écrivit | ont écrit"),
    from_labels=phrases("de | expéditeur | expediteur"),
    sent_labels=phrases("""
        envoyé | envoye | date | envoyé le | date d'envoi | envoyée | expédié | date d’envoi
    """),
    to_labels=phrases("""
        à | a | cc | cci | pour | copie à | copie | destinataire | destinataires | répondre à
    """),
    subject_labels=phrases("objet | sujet"),
    original=phrases("""
        message d'origine | message d’origine | message original | mail original | courriel original |
        message initial | e-mail d'origine | rendez-vous d'origine | message d' origine |
        e-mail original | message de | mail d'origine | réponse au message
    """),
    forwarded=phrases("""
        message transféré | message transfere | message transmis | message réexpédié |
        début du message transféré | début du message réexpédié | début de message transféré |
        mail transféré | courriel transféré | début du message transmis | transféré par | message suivi |
        message reexpedie | message réacheminé | début du courriel transféré
    """),
    mobile=phrases("""
        envoyé de mon | envoyé depuis mon | envoyé à partir de | envoyé a partir de | envoyé via mon |
        envoyé depuis | envoyé d'un | envoyé d’un | envoyé de l' | envoyé avec | envoyé par mon |
        envoyé du | envoyé de samsung | envoyé de yahoo | envoyé de ma | envoyé via | envoyé sur |
        envoye de mon | envoyé en mobilité | envoyé de outlook | envoyé d'outlook | envoyé d’outlook |
        envoyé de mail | envoyé à l'aide | télécharger outlook | télécharger pour | obtenez outlook |
        obtenir outlook | téléchargez outlook | provenance : courrier | envoyé depuis l | de mon iphone |
        de mon ipad | de mon mobile | sécurisé par proton | sent from my
    """),
    closings=phrases("""
        cordialement | bien cordialement | très cordialement | cordialement vôtre | cdt | cdlt | cldt |
        bien à vous | bien à toi | bien a vous | bien a toi | bàv | bav | salutations |
        meilleures salutations | mes salutations | sincères salutations | salutations distinguées |
        salutations cordiales | avec mes meilleures salutations | avec mes salutations |
        avec mes salutations distinguées | meilleurs sentiments | avec mes meilleurs sentiments |
        sincèrement | amicalement | bien amicalement | amitiés | bises | bisous | respectueusement |
        très respectueusement | chaleureusement | bonne journée | bonne soirée | bonne fin de journée |
        bon week-end | bon weekend | belle journée | excellente journée | très bonne journée |
        bonne réception | bonne continuation | à bientôt | a bientot | à plus | a+ | à + |
        à très bientôt | cordiales salutations | bien sincèrement | recevez mes salutations |
        respectueuses salutations | sentiments distingués | merci et bonne journée | merci, cordialement |
        merci cordialement | merci et cordialement | merci d'avance, cordialement |
        je vous souhaite une bonne journée | cordialement/best regards | cordialement / best regards |
        cordialement / kind regards | bien cdt | cordial. | cordialement et merci |
        dans l'attente de votre réponse, cordialement | au plaisir | salutations amicales | bàt |
        veuillez agréer | je vous prie d'agréer | je vous prie de croire | je vous prie de recevoir |
        veuillez recevoir | veuillez croire | recevez, madame | recevez, monsieur | nous vous prions |
        je vous prie d’agréer | salutations les meilleures | mes meilleures salutations
    """),
    thanks=phrases("""
        merci | merci d'avance | merci d’avance | merci beaucoup | merci bien | avec mes remerciements |
        merci par avance | mille mercis | encore merci | grand merci | un grand merci |
        en vous remerciant | merci pour votre aide | merci de votre aide | vous remerciant par avance |
        en vous remerciant d'avance | en vous remerciant par avance | je vous remercie | merci à vous |
        je vous remercie par avance | je vous remercie d'avance | avec nos remerciements
    """),
    disclaimers=phrases("""
        ce message et toutes | ce message et ses | ce message et les | ce message est confidentiel |
        ce message est établi | ce message est destiné | ce message est exclusivement |
        ce message contient | ce message peut contenir | ce message électronique | ce message, ainsi |
        ce mail est | ce mail et | ce courriel est | ce courriel et | ce courriel peut |
        ce courriel contient | ce courrier électronique | cet e-mail et | cet e-mail est |
        cet e-mail peut | cet email et | cet email est | cet email peut | cette communication |
        les informations contenues dans | le contenu de ce | le contenu de cet | le présent message |
        le présent courriel | la présente communication | l'information contenue dans |
        l'intégrité de ce | l’intégrité de ce | avis de confidentialité | clause de confidentialité |
        avertissement : | avertissement: | mention légale | mentions légales | avis important |
        pensez à l'environnement | pensez à l’environnement | pensez environnement |
        pensons à l'environnement | avant d'imprimer | avant d’imprimer | n'imprimez ce | n’imprimez ce |
        n'imprimer ce | devez-vous vraiment imprimer | merci de penser à l'environnement |
        pour l'environnement | adoptez l'éco | afin de contribuer au respect | si vous n'êtes pas |
        si vous n’êtes pas | si vous avez reçu ce | si vous recevez ce | toute utilisation |
        toute diffusion | toute publication | l'expéditeur ne | disclaimer: | sans virus |
        l'absence de virus | garanti sans virus | ce mail a été vérifié | cet e-mail a été vérifié
    """),
    disclaimer_words=phrases("""
        confidentiel | destinataire | destiné | exclusi | par erreur | interdit | diffusion | détruire |
        supprimer | expéditeur | non autorisé | responsabilité | divulgation | altéré | falsifié |
        utilisation | virus | privilégié | reproduction | copie | intégrité
    """),
    inline_hints=phrases("""
        voir ci-dessous | voir ci dessous | voir plus bas | ci-dessous mes | mes réponses ci-dessous |
        mes réponses dans | mes commentaires dans | mes réponses en | mes commentaires en |
        réponses en rouge | en rouge | en bleu | en vert | en gras | dans le texte | dans le corps |
        dans votre mail | dans ton mail | dans votre message | dans votre courriel | entre les lignes |
        mail ci-dessous | message ci-dessous | courriel ci-dessous | e-mail ci-dessous | le mail suivant |
        inline | cf. ci-dessous | cf ci-dessous | voir mes réponses | voir mes commentaires | en dessous |
        sous les questions | à côté des questions | après chaque question | sous chaque question |
        en violet | en orange | dans vos questions
    """),
    reply_prefixes=phrases("re | ré | rép | rep | réf | réponse"),
    forward_prefixes=phrases("fw | fwd | tr | transfert | transf | trans | transféré"),
    vacation_subjects=phrases("""
        réponse automatique | reponse automatique | message automatique | réponse auto |
        absence du bureau | absence : | absence: | absent du bureau | absent : | absent(e) |
        absente du bureau | absente | absent | en congé | en congés | en vacances | je suis absent |
        je suis en congé | hors du bureau | hors bureau | notification d'absence | message d'absence |
        avis d'absence | absence temporaire | accusé de réception | accusé réception |
        nous avons bien reçu votre | congé maternité | congés annuels | congé parental |
        absence momentanée
    """),
    vacation_phrases=phrases("""
        je suis absent | je suis actuellement absent | je serai absent | je suis en congé |
        je suis en vacances | je suis actuellement en congé | absent du bureau | absente du bureau |
        je serai de retour | de retour le | en cas d'urgence | ceci est un message automatique |
        ceci est une réponse automatique | je prendrai connaissance de votre | pendant mon absence |
        durant mon absence
    """),
    more_labels=phrases("pièces jointes | pièce jointe | pièce(s) jointe(s) | importance | priorité"),
)
