"""Text → claims: who said what, with exact offsets.

claims.py          article → claims: the door
directory.py       people and organisations known beforehand
relevance.py       is an article about the topic, and why
version.py         which version of the extractor made a claim
english/           tokens ─▶ quotations ─▶ sentences ─▶ cues ─▶ source_phrases, content_candidates
                   ─▶ attribution; names ─▶ coreference
chinese/           the same modules for Chinese
"""
