"""`maild desk`: the full screen, queue and ticket side by side (Textual).

It reads and acts through the same functions as the verbs (`commands.reading`, `commands.acting`, the planners of
`app`): what stands here is panes, keys and what they ask.
"""
