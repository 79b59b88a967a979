/* Filled by the part grids of the map page. */
export {};
