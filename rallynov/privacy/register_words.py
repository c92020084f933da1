"""The register in French, by key of `register.REGISTER`; « {drafts} » is a duration."""

INTEREST = "l’intérêt légitime de Rally’nov"
CONSENT = "votre consentement"
LAW = "une obligation légale"

WORDS = {
    "accounts": {
        "title": "Les comptes",
        "whose": "Porteurs de projet, jurés, équipe, rédaction, personnes qui tiennent une fiche.",
        "what": "L’adresse électronique, le nom, le mot de passe et le second facteur sous une "
        "forme illisible, les rôles, les dates d’inscription et de dernière connexion, la session "
        "ouverte\u202f; la fonction dans une organisation, notée par l’équipe.",
        "why": "Reconnaître qui écrit, ouvrir à chacun ce qui le concerne, repérer les liens "
        "d’intérêts.",
        "basis": "L’exécution de ce que vous demandez\u202f; pour les fonctions, "
        f"{INTEREST}\u202f: l’impartialité du jury.",
        "term": "Sept jours pour une adresse qui n’a jamais saisi son code. Sinon, tant que le "
        "compte sert\u202f; puis {accounts} après la dernière connexion, quand il ne tient plus "
        "rien et n’a plus de rôle. Une session dure deux semaines au plus.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "drafts": {
        "title": "Les brouillons de candidature",
        "whose": "Les personnes qui écrivent une candidature, et celles qu’elles invitent.",
        "what": "Le texte en cours, les pièces jointes, les versions mises de côté, les adresses "
        "invitées, les délais accordés et leur motif.",
        "why": "Ne rien perdre de ce qui est tapé, écrire à plusieurs.",
        "basis": "L’exécution de ce que vous demandez.",
        "term": "{drafts} après la clôture de l’appel, pour ce qui n’a pas été déposé.",
        "erasure": "La purge de chaque jour, fichiers compris\u202f; votre demande avant cela.",
    },
    "candidatures": {
        "title": "Les candidatures déposées",
        "whose": "Les porteurs de projet, et les personnes que leurs textes nomment.",
        "what": "Chaque dépôt tel qu’il a été reçu et son empreinte, les pièces, les changements "
        "de statut et leur motif, les pièces demandées, la décision et la lettre.",
        "why": "Examiner les candidatures, en choisir, répondre à chacune, pouvoir en rendre "
        "compte.",
        "basis": "L’exécution du règlement que vous avez accepté.",
        "term": "{candidatures} après les résultats. Restent ensuite, sans nom\u202f: les dates, "
        "le statut, la décision, la forme, les thèmes, le département, et l’empreinte de chaque "
        "dépôt, qui permet à qui a gardé son reçu de prouver ce qu’il avait envoyé.",
        "erasure": "La purge de chaque jour, historique et fichiers compris\u202f; votre demande "
        "après les résultats, ou après un retrait.",
    },
    "prizes": {
        "title": "Les lauréats et leurs prix",
        "whose": "Les porteurs des projets primés.",
        "what": "Le nom du projet, sa structure, le prix et la raison du jury, qui sont "
        "publics\u202f; la convention, le versement, les remarques de l’équipe, les nouvelles "
        "données après un, trois et cinq ans.",
        "why": "Faire connaître les lauréats, verser les prix et les suivre.",
        "basis": f"L’exécution du règlement\u202f; pour les versements, {LAW} (article L. 123-22 "
        "du code de commerce).",
        "term": "Ce qui est public le reste. Les remarques et les nouvelles qui n’ont pas paru, "
        "{candidatures} après les résultats. La référence du versement, {accounting}\u202f; sa "
        "date et son montant restent, sans nom de personne.",
        "erasure": "La purge de chaque jour. Pour une page publique, écrivez-nous.",
    },
    "jury": {
        "title": "Le travail du jury",
        "whose": "Les jurés, les personnes appelées à leurs séances, et qui a un lien d’intérêts "
        "avec un dossier.",
        "what": "Les notes et les commentaires, leurs modifications, les liens d’intérêts déclarés "
        "ou relevés et leur examen, les présences, les votes de chaque séance, le procès-verbal "
        "scellé.",
        "why": "Décider sans parti pris, et pouvoir le prouver.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: l’égalité entre candidats.",
        "term": "{jury} après les résultats. Restent ensuite les notes et les votes, sans que l’on "
        "sache de qui, et le procès-verbal, qui ne nomme personne\u202f: son sceau se vérifie "
        "toujours.",
        "erasure": "La purge de chaque jour, historique compris. Avant cela, le nom d’un juré au "
        "procès-verbal est une preuve de la décision, et ne s’efface pas.",
    },
    "registrations": {
        "title": "Les inscriptions aux rencontres",
        "whose": "Qui s’inscrit, sans compte.",
        "what": "Le nom, l’adresse électronique, la structure, ce qu’il faut pour bien vous "
        "accueillir, et si vous êtes venu.",
        "why": "Tenir les places, écrire à qui vient, préparer l’accueil.",
        "basis": f"L’exécution de ce que vous demandez\u202f; pour l’accueil, {CONSENT}.",
        "term": "Les besoins d’accueil, {needs} après la rencontre\u202f; le reste, "
        "{registrations}. On sait encore, ensuite, combien de personnes étaient là.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "images": {
        "title": "Les photographies",
        "whose": "Les personnes que l’on reconnaît, et qui a pris la photographie.",
        "what": "L’image, sa description, son crédit, et le nom de qui a signé une autorisation.",
        "why": "Montrer les projets et les rencontres.",
        "basis": CONSENT[0].upper() + CONSENT[1:] + ".",
        "term": "L’image, tant qu’elle est autorisée. Le nom, {authorisations} après la fin de "
        "l’autorisation ou son retrait\u202f; la photographie ne paraît plus dès ce jour-là.",
        "erasure": "Le retrait de l’autorisation cache l’image aussitôt\u202f; la purge efface le "
        "nom.",
    },
    "public": {
        "title": "Les personnes nommées sur le site",
        "whose": "Intervenants, partenaires, personnes dont parle une fiche ou une actualité.",
        "what": "Un nom, une fonction, ce que la personne a fait pour un projet.",
        "why": "Raconter l’innovation sociale et ceux qui la font.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: informer.",
        "term": "Tant que la page est en ligne.",
        "erasure": "La rédaction, dès que vous le demandez.",
    },
    "contributions": {
        "title": "Ce que l’on propose à l’annuaire",
        "whose": "Qui propose une initiative, corrige une fiche, signale une erreur, tient une "
        "fiche.",
        "what": "Ce qui est proposé, le message, l’adresse électronique et le nom si vous les "
        "donnez, la réponse de l’équipe, les adresses invitées à tenir une fiche.",
        "why": "Tenir l’annuaire à jour et vous répondre.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: un annuaire juste.",
        "term": "{contributions} après la réponse, ou après l’invitation. Qui tient une fiche la "
        "tient jusqu’à ce qu’il la quitte.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "questions": {
        "title": "Les questions sur les fiches",
        "whose": "Les personnes qui tiennent une fiche.",
        "what": "À qui il a été demandé si la fiche est toujours juste, quand, et la réponse.",
        "why": "Garder un annuaire vivant sans redemander trop souvent.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: un annuaire juste.",
        "term": "{questions} après la question.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "alerts": {
        "title": "Les adresses à prévenir du prochain appel",
        "whose": "Qui l’a demandé.",
        "what": "L’adresse électronique, et le dernier appel annoncé.",
        "why": "Écrire à l’ouverture d’un appel, et rien d’autre.",
        "basis": CONSENT[0].upper() + CONSENT[1:] + ".",
        "term": "Sept jours sans confirmation\u202f; ensuite, jusqu’à ce que vous l’effaciez.",
        "erasure": "Le lien de chaque message, aussitôt.",
    },
    "consents": {
        "title": "Les consentements",
        "whose": "Qui a dit oui\u202f: à un message, à ce qu’une réponse paraisse.",
        "what": "L’adresse électronique, les mots exacts qui ont été lus et leur version, "
        "l’instant du oui, celui du retrait.",
        "why": "Prouver un consentement, et respecter un retrait.",
        "basis": f"{LAW[0].upper()}{LAW[1:]} (article 7 du RGPD).",
        "term": "Tant que le consentement vaut, puis {consents} après son retrait. Avec une "
        "candidature ou une inscription, l’adresse part quand celle-ci perd ses noms.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "mails": {
        "title": "Les courriels envoyés",
        "whose": "Leurs destinataires, et qui écrit à l’équipe par le formulaire de contact.",
        "what": "Le destinataire, l’objet, la date, les erreurs d’envoi. Le texte est effacé dès "
        "que le courriel est parti.",
        "why": "Envoyer sans perdre ni répéter, et savoir ce qui n’est pas arrivé.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: vous écrire à coup sûr.",
        "term": "90 jours.",
        "erasure": "La purge de chaque jour, ou votre demande.",
    },
    "logs": {
        "title": "Les journaux",
        "whose": "L’équipe et la rédaction\u202f; les visiteurs, dans les journaux du serveur.",
        "what": "Qui a ajouté, modifié ou supprimé quoi dans l’administration, qui a importé quel "
        "fichier\u202f; sur le serveur, l’adresse IP, la page et l’heure.",
        "why": "Comprendre une erreur, et protéger le site.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f: la sécurité.",
        "term": "{logs}. Le détail d’un import, sept jours.",
        "erasure": "La purge de chaque jour\u202f; sur le serveur, la rotation que règle "
        "l’hébergeur.",
    },
    "audience": {
        "title": "La mesure d’audience",
        "whose": "Les visiteurs, sans que l’on sache qui.",
        "what": "Des empreintes du jour, que rien ne permet plus de refaire le lendemain, et des "
        "totaux par page. Aucune adresse IP n’est gardée.",
        "why": "Savoir ce qui est lu.",
        "basis": f"{INTEREST[0].upper()}{INTEREST[1:]}\u202f; vous pouvez refuser.",
        "term": "Les empreintes, le jour même\u202f; les pages, 25 mois\u202f; ensuite, des "
        "totaux par année.",
        "erasure": "Le programme d’audience, chaque nuit.",
    },
}
