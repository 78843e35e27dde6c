"""The explorer: everything that is on the ledger, for everybody, in pages that read without scripts."""

from __future__ import annotations

from fastapi import APIRouter

from contrafact.web.pages.explorer import audit, home, models, orders, people, works

router = APIRouter(include_in_schema=False)
for each in (home, works, orders, models, people, audit):
    router.include_router(each.router)
