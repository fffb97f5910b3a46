"""Text that stands for RDF: Turtle with positions, its canonical form, and EDTF dates."""
