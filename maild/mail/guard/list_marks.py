"""Marks of mailing lists and newsletters: data for mail/guard/mailing_list.py. Names and values in lower case."""

from __future__ import annotations

#: RFC 2919, RFC 2369, RFC 8058 and what list managers put on every mail; each alone is enough
LIST_FIELDS = (
    "list-", "mailing-list", "x-mailing-list", "x-mailinglist", "x-mailman-", "x-beenthere", "x-listserver",
    "x-list-", "x-listname", "x-listprocessor", "x-list", "x-ml-name", "x-ml-info", "x-mlserver",
    "x-majordomo",
    "x-ecartis-", "x-listar-", "x-sympa-", "x-google-group-id", "x-egroups-",  "x-ezmlm",
    "x-mlist-", "x-mailing-list-", "x-listid", "x-lyris-", "x-topica", "x-subscribed", "x-unsubscribe",
    "x-newsletter",
)  # fmt: skip

#: fields of bulk mailing services and newsletter programs. Not here: services that also carry people's mail
#: (Amazon SES, SendGrid, Mailgun, Postmark), X-MC-Unique (Mimecast), X-VR-* (Vade), and Feedback-ID, which
#: stands on every mail of Fastmail and Zoho; nor X-Yahoo-Newman-*, which stands on all mail of Yahoo
CAMPAIGN_FIELDS = (
    "x-campaign", "x-mailchimp-",  "x-phplist", "x-messageid-phplist", "x-cmail",
    "x-createsend",
    "x-sfmc-", "x-roving-", "x-marketoid", "x-mktarchive", "x-mkt", "x-hs-cid", "x-emarsys", "x-sailthru",
    "x-sib-", "x-mailin-campaign", "x-mailjet-campaign", "x-mautic", "x-acymailing", "x-mailpoet",
    "x-inxmail",
    "x-cleverreach", "x-rapidmail", "x-newsletter2go", "x-getresponse", "x-elqsiteid", "x-elqpod",

    "x-mailup-", "x-silverpop", "x-responsys", "x-cheetahmail", "x-strongmail", "x-binding", "x-job",
    "x-bulk", "x-bulkmail", "x-mass-mail", "x-ems-stat", "x-campaignid", "x-mailer-lid", "x-mailer-sid",
    "x-mailer-recptid", "x-mailwizz", "x-listmember", "x-jmailer", "x-report-abuse-campaign", "x-laposta",
    "x-spotler", "x-copernica", "x-mailplus", "x-mailcampaigns", "x-webgalamb", "x-salesautopilot",
    "x-listamester",
    "x-klaviyo", "x-braze", "x-iterable", "x-customerio", "x-constantcontact",
)  # fmt: skip

#: parts of X-Mailer or User-Agent that only bulk mailers write
CAMPAIGN_MAILERS = (
    "mailchimp", "phplist", "campaign monitor", "createsend", "sendy", "mautic", "listmanager", "lyris",
    "sailthru",
    "inxmail", "cleverreach", "acymailing", "mailpoet", "newsletter", "emarsys", "exacttarget", "silverpop",
    "mailman", "listserv", "majordomo", "groupmail", "group mail", "bulk", "mass mail", "mailup",
    "sendblaster",
    "getresponse", "aweber", "icontact", "roving constant contact", "laposta", "webgalamb", "xyzmailer",
    "dada mail", "gammadyne", "mail marketing", "campaigner", "marketo", "mailwizz", "interspire",
)  # fmt: skip

#: values of Precedence that lists write (mail/guard/automatic.py takes bulk and junk)
LIST_PRECEDENCE = frozenset({"list"})
"""RFC 3834, 3.1.8 warns that Precedence is used in many ways; `list` has one meaning only."""
