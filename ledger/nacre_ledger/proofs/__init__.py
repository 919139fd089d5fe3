"""Proofs that leave the house: evidence bundles, C2SP tlog-proof files, COSE receipts."""
