//! Element types and corners of comparisons, bounds, divisions and the like.
