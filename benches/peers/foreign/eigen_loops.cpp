// The contests of `peers loops` in Eigen: each in the fastest of the forms that were tried, with `noalias` where an
// expression is assigned.
#if __has_include(<eigen3/Eigen/Dense>)
#include <eigen3/Eigen/Dense>
#else
#include <Eigen/Dense>
#endif

#include "loops.hpp"

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::Matrix<double, 1, Eigen::Dynamic>;
using Column = Eigen::Matrix<double, Eigen::Dynamic, 1>;

struct InEigen {
    Eigen::Index side;
    Matrix a, b, d; // current, next, difference
    Row lane, mean;
    Column column;
    Order order;

    explicit InEigen(std::size_t size)
        : side(size), a(Matrix::Zero(side, side)), b(a), d(a), lane(Row::Zero(side)), mean(lane),
          column(Column::Zero(side)), order(size) {}

    double *current() { return a.data(); }
    double *next() { return b.data(); }
    double *diff() { return d.data(); }

    // By rows: the indexed view `a(order, Eigen::all)` and a `PermutationMatrix` are not faster.
    void gather() {
        for (Eigen::Index i = 0; i < side; ++i) b.row(i) = a.row(order.source[i]);
    }

    // By rows: `colwise().sum()` takes twice as long where the matrix does not fit into the cache.
    void sum_rows() {
        lane.setZero();
        for (Eigen::Index i = 0; i < side; ++i) lane += a.row(i);
    }

    void variance_of_columns() {
        sum_rows();
        mean = lane / side;
        lane.setZero();
        for (Eigen::Index i = 0; i < side; ++i) lane.array() += (a.row(i) - mean).array().square();
        lane /= side;
    }

    Contests contests() {
        auto n = static_cast<std::size_t>(side);
        auto next = [this, n] { return Region{b.data(), n, n, n}; };
        auto in_lane = [this, n] { return Region{lane.data(), 1, n, n}; };
        return {
            {"loop", {[this] {
                          order.draw();
                          gather();
                          d.noalias() = b - a;
                          a.swap(b);
                      },
                      [this, n] { return Region{a.data(), n, n, n}; }}},
            {"copy", {[this] { b = a; }, next}},
            {"difference",
             {[this] { d.noalias() = b - a; }, [this, n] { return Region{d.data(), n, n, n}; }}},
            {"shuffle", {[this] { order.draw(), gather(); }, next}},
            {"gather", {[this] { gather(); }, next}},
            {"sum0", {[this] { sum_rows(); }, in_lane}},
            {"sum1", {[this] { column.noalias() = a.rowwise().sum(); },
                      [this, n] { return Region{column.data(), 1, n, n}; }}},
            {"var0", {[this] { variance_of_columns(); }, in_lane}},
            {"transpose", {[this] { b.noalias() = a.transpose(); }, next}},
            {"diff0", {[this] {
                           auto rows = side - 1;
                           b.bottomRows(rows).noalias() = a.bottomRows(rows) - a.topRows(rows);
                       },
                       [this, n] { return Region{b.data() + n, n - 1, n, n}; }}},
            {"diff1", {[this] {
                           auto cols = side - 1;
                           b.rightCols(cols).noalias() = a.rightCols(cols) - a.leftCols(cols);
                       },
                       [this, n] { return Region{b.data() + 1, n, n - 1, n}; }}},
        };
    }
};

int main() {
    return Child<InEigen>().serve("Eigen " TEXT(EIGEN_WORLD_VERSION) "." TEXT(EIGEN_MAJOR_VERSION) "." TEXT(
        EIGEN_MINOR_VERSION));
}
