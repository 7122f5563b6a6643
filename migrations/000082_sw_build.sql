-- Where the next version of a projection's tables is filled while sw_read serves the old one.
create schema sw_build;
