"""The preview room: small files in the missions' layouts, damaged files, and the real files where they are at hand."""
