/// The few functions of math.h that the detectors need.
///
/// The core imports nothing from the system; this header is the one door, and it is narrow on purpose. All four are
/// functions of their arguments alone: no errno is read, no rounding mode is set.
#ifndef SUSPECTD_CMATH_H
#define SUSPECTD_CMATH_H

#include <math.h>

/// The complementary error function, 1 - erf(x), exact to the last bits also where erf(x) is nearly 1.
static inline double cmath_erfc(double x) {
    return erfc(x);
}

/// The natural logarithm.
static inline double cmath_log(double x) {
    return log(x);
}

/// The natural logarithm of 1 + x, exact also for tiny x.
static inline double cmath_log1p(double x) {
    return log1p(x);
}

/// The exponential function.
static inline double cmath_exp(double x) {
    return exp(x);
}

#endif
