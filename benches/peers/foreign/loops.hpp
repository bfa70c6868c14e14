// What the C++ children of `peers loops` have in common: the lines that they obey, the numbers that they begin with,
// and the check of what they computed. `children.rs` tells what the lines mean.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

// A result: rows of elements that follow each other.
struct Region {
    const double *first;
    std::size_t rows, cols, stride;
};

struct Contest {
    std::function<void()> work;
    std::function<Region()> result;
};

using Contests = std::map<std::string, Contest>;

// The row that each row is taken from, drawn anew by the standard library's shuffle.
struct Order {
    std::vector<std::size_t> source;
    std::mt19937_64 random{1};

    explicit Order(std::size_t side) : source(side) {
        std::iota(source.begin(), source.end(), 0);
        draw();
    }

    void draw() { std::shuffle(source.begin(), source.end(), random); }
};

inline std::vector<double> known_numbers(std::size_t side) {
    std::vector<double> numbers(side * side);
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        numbers[k] = static_cast<double>((k * UINT64_C(0x9E3779B97F4A7C15)) >> 11) * 0x1p-53;
    }
    return numbers;
}

// Weighs rows only where they come in a known order.
inline double fingerprint(Region result, bool in_order) {
    double total = 0;
    for (std::size_t i = 0; i < result.rows; ++i) {
        const double *row = result.first + i * result.stride;
        double sum = 0;
        for (std::size_t j = 0; j < result.cols; ++j) {
            sum += row[j] * static_cast<double>(1 + j % 7);
        }
        total += sum * (in_order ? static_cast<double>(1 + i % 5) : 1.0);
    }
    return total;
}

inline void require(bool holds, const char *what) {
    if (!holds) throw std::runtime_error(what);
}

// That `next` has the rows of `current`, each once, and not where they were.
inline void require_shuffled(const double *next, const std::vector<double> &current, std::size_t side) {
    std::unordered_map<double, std::size_t> row_of;
    for (std::size_t i = 0; i < side; ++i) row_of[current[i * side]] = i;
    std::size_t stayed = 0;
    for (std::size_t i = 0; i < side; ++i) {
        const double *row = next + i * side;
        auto found = row_of.find(*row);
        require(found != row_of.end(), "a row that is new or occurs twice");
        const double *source = current.data() + found->second * side;
        require(std::equal(row, row + side, source), "a row that did not stay together");
        stayed += found->second == i;
        row_of.erase(found);
    }
    require(stayed < side, "no row was moved");
}

// `System` has `current()`, `next()` and `diff()`, pointers to `side` times `side` numbers, and `contests()`.
template <class System>
class Child {
    std::size_t side = 0;
    std::vector<double> numbers;
    std::unique_ptr<System> system;
    Contests contests;

    void begin(std::size_t side_asked) {
        if (side == side_asked) return;
        side = side_asked;
        contests.clear();
        system.reset();
        numbers = known_numbers(side);
        system = std::make_unique<System>(side);
        contests = system->contests();
    }

    double check(const std::string &name, const Contest &contest) {
        std::copy(numbers.begin(), numbers.end(), system->current());
        std::transform(numbers.begin(), numbers.end(), system->next(), [](double x) { return 1 - x; });
        contest.work();
        Region result = contest.result();
        bool in_order = true;
        for (const char *moves_rows : {"loop", "shuffle", "gather"}) {
            in_order &= name.rfind(moves_rows, 0) != 0;
        }
        if (!in_order) require_shuffled(result.first, numbers, side);
        if (name.rfind("loop", 0) == 0) {
            for (std::size_t k = 0; k < numbers.size(); ++k) {
                require(system->diff()[k] == result.first[k] - numbers[k], "a wrong difference");
            }
        }
        return fingerprint(result, in_order);
    }

    double run(const Contest &contest, long calls) {
        auto start = std::chrono::steady_clock::now();
        for (long call = 0; call < calls; ++call) contest.work();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

  public:
    int serve(const std::string &about) {
        std::cout << std::setprecision(17);
        for (std::string line; std::getline(std::cin, line);) {
            std::istringstream words(line);
            std::string verb, name;
            std::size_t side_asked = 0;
            long calls = 0;
            words >> verb >> name >> side_asked >> calls;
            try {
                if (verb == "about") {
                    std::cout << about << std::endl;
                    continue;
                }
                begin(side_asked);
                auto contest = contests.find(name);
                if (contest == contests.end()) {
                    std::cout << "none" << std::endl;
                } else if (verb == "check") {
                    std::cout << check(name, contest->second) << std::endl;
                } else {
                    std::cout << run(contest->second, calls) << std::endl;
                }
            } catch (const std::exception &error) {
                std::cout << "error " << error.what() << std::endl;
            }
        }
        return 0;
    }
};

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
