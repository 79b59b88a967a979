"""What lies in each grid."""
