"""Three companies: one with somebody who approves, one plain, one where the reference person alone may file."""

COMPANIES = """
[[company]]
key = "acme"
name = "Acme Kft."
domains = ["acme.example"]
language = "en"
service_level = "standard"
[[company.contact]]
address = "anna@acme.example"
name = "Kovács Anna"
phone = "+36 1 555 0100"
[[company.contact]]
address = "boss@acme.example"
name = "Nagy Béla"
roles = ["reference", "approver"]
approves = ["permission", "device", "quote", "cost"]
[[company]]
key = "globex"
name = "Globex B.V."
domains = ["globex.example"]
language = "en"
service_level = "standard"
[[company.contact]]
address = "carl@globex.example"
name = "Carl"
[[company]]
key = "strict"
name = "Strict S.A."
domains = ["strict.example"]
language = "en"
service_level = "standard"
who_may_file = "reference"
[[company.contact]]
address = "rita@strict.example"
name = "Rita"
roles = ["reference", "approver"]
[[company.contact]]
address = "sam@strict.example"
name = "Sam"
"""
