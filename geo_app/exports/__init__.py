"""What leaves: kinds and tables as CSV, XLSX, GeoJSON and GeoPackage, and templates to be filled."""
