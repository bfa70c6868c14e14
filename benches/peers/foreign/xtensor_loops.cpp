// The contests of `peers loops` in xtensor: each in the fastest of the forms that were tried, with `noalias` where an
// expression is assigned.
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include "loops.hpp"

using Matrix = xt::xtensor<double, 2>;
using Vector = xt::xtensor<double, 1>;

struct InXtensor {
    std::size_t side;
    Matrix a, b, d; // current, next, difference
    Vector lane;
    Order order;

    explicit InXtensor(std::size_t size)
        : side(size), a(xt::zeros<double>({side, side})), b(a), d(a), lane(xt::zeros<double>({side})), order(size) {}

    double *current() { return a.data(); }
    double *next() { return b.data(); }
    double *diff() { return d.data(); }

    // By rows: a view with `xt::keep(order)` takes five times as long.
    void gather() {
        for (std::size_t i = 0; i < side; ++i) {
            xt::noalias(xt::view(b, i, xt::all())) = xt::view(a, order.source[i], xt::all());
        }
    }

    Contests contests() {
        auto n = side;
        auto next = [this, n] { return Region{b.data(), n, n, n}; };
        auto in_lane = [this, n] { return Region{lane.data(), 1, n, n}; };
        auto now = xt::evaluation_strategy::immediate;
        return {
            {"loop", {[this] {
                          order.draw();
                          gather();
                          xt::noalias(d) = b - a;
                          std::swap(a, b);
                      },
                      [this, n] { return Region{a.data(), n, n, n}; }}},
            {"copy", {[this] { xt::noalias(b) = a; }, next}},
            {"difference",
             {[this] { xt::noalias(d) = b - a; }, [this, n] { return Region{d.data(), n, n, n}; }}},
            {"shuffle", {[this] { order.draw(), gather(); }, next}},
            {"gather", {[this] { gather(); }, next}},
            {"sum0", {[this, now] { xt::noalias(lane) = xt::sum(a, {0}, now); }, in_lane}},
            {"sum1", {[this] { xt::noalias(lane) = xt::sum(a, {1}); }, in_lane}},
            {"var0", {[this] { xt::noalias(lane) = xt::variance(a, {0}); }, in_lane}},
            {"transpose", {[this] { xt::noalias(b) = xt::transpose(a); }, next}},
            {"diff0", {[this, n] {
                           xt::noalias(xt::view(b, xt::range(1, n), xt::all())) =
                               xt::view(a, xt::range(1, n), xt::all()) - xt::view(a, xt::range(0, n - 1), xt::all());
                       },
                       [this, n] { return Region{b.data() + n, n - 1, n, n}; }}},
            {"diff1", {[this, n] {
                           xt::noalias(xt::view(b, xt::all(), xt::range(1, n))) =
                               xt::view(a, xt::all(), xt::range(1, n)) - xt::view(a, xt::all(), xt::range(0, n - 1));
                       },
                       [this, n] { return Region{b.data() + 1, n, n - 1, n}; }}},
        };
    }
};

int main() {
    return Child<InXtensor>().serve("xtensor " TEXT(XTENSOR_VERSION_MAJOR) "." TEXT(XTENSOR_VERSION_MINOR) "." TEXT(
        XTENSOR_VERSION_PATCH));
}
