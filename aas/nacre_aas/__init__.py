"""Asset Administration Shells: the metamodel, its files, its rules.

The usual ways in: `files.load` reads any file into an `Environment`, `files.validate` judges one,
`aasx.write`, `jsonization.dumps` and `xmlization.dumps` write. README.md in the folder above shows
each room.
"""
