// kiloword_index_bench FOLDER [ROWS [DIM [THREADS]]]: makes an index of random unit vectors in FOLDER, unless
// it is there, and times queries in it beside what the memory's speed allows for: each query reads every
// 8-bit code.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "kiloword/index/index_writer.h"
#include "kiloword/index/nearest.h"
#include "memory_speed.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kQueries = 21;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::vector<float> unit_vector(std::mt19937& random, size_t dim) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(dim);
  double squares = 0;
  for (float& value : values) {
    value = uniform(random) + uniform(random) + uniform(random);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto length = static_cast<float>(std::sqrt(squares));
  for (float& value : values) value /= length;
  return values;
}

void make_index(const std::string& path, size_t rows, size_t dim) {
  std::mt19937 random(1);
  kiloword::IndexWriter writer(path, {"random", "random", "", "", dim}, /*overwrite=*/true);
  for (size_t row = 0; row < rows; ++row) {
    const std::string name = "folder/" + std::to_string(row) + ".jpg";
    writer.add({name, {row, 0}, {row, row}}, unit_vector(random, dim).data());
  }
  writer.finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const size_t rows = argc > 2 ? std::stoul(argv[2]) : 1'000'000;
  const size_t dim = argc > 3 ? std::stoul(argv[3]) : 512;
  kiloword::NearestOptions options;
  options.threads = argc > 4 ? std::stoi(argv[4]) : 2;
  const std::string path =
      std::string(argv[1]) + "/random-" + std::to_string(rows) + "-" + std::to_string(dim);
  if (!std::filesystem::exists(path)) make_index(path, rows, dim);

  const auto begin = Clock::now();
  const kiloword::ImageIndex index(path, /*incomplete=*/false);
  std::printf("opened in %.1f ms: %zu rows of %zu\n", ms_since(begin), index.live_rows(), dim);
  std::mt19937 random(2);
  std::vector<double> times;
  for (int i = 0; i < kQueries; ++i) {
    const std::vector<float> query = unit_vector(random, dim);
    const auto start = Clock::now();
    const auto matches = kiloword::nearest(index, query.data(), options);
    times.push_back(ms_since(start));
    if (i == 0)
      std::printf("first query %.1f ms, best cosine %.4f\n", times[0],
                  static_cast<double>(matches[0].cosine));
  }
  std::sort(times.begin() + 1, times.end());
  const double gigabytes = static_cast<double>(rows) * static_cast<double>(dim + sizeof(float) * 2) / 1e9;
  const double speed = kiloword::bench::memory_gigabytes(options.threads);
  std::printf("query on %d threads: median %.1f ms, least %.1f ms; %.2f GB at %.1f GB/s are %.1f ms\n",
              options.threads, times[1 + kQueries / 2], times[1], gigabytes, speed, gigabytes / speed * 1e3);
  return 0;
}
