"""The component kit: design tokens, base pages, template tags, icons, third-party files. No tables."""
