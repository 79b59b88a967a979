/* Filled by the part routes of the map page. */
export {};
