create schema sw_read;
