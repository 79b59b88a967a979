/* Filled by the part route of the map page. */
export {};
