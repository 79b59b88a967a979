/* Filled by the part incidents of the map page. */
export {};
