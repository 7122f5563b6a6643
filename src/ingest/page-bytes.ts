/** Bytes of a page that are read. In a file of its own, as who fetches pages asks for it, and need not load what reads them. */
export const PAGE_BYTES_MAX = 4 * 1024 * 1024;
