#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/load/bench.h"

namespace escalon::load {
namespace {

using nlohmann::json;

std::vector<json> ReadLines(const std::string& file) {
  std::vector<json> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    json one = json::parse(line, nullptr, false);
    if (one.is_object()) out.push_back(std::move(one));
  }
  return out;
}

const json* Named(const std::vector<json>& lines, const char* variant) {
  for (const json& line : lines) {
    if (line.value("variant", "") == variant) return &line;
  }
  return nullptr;
}

/// The line of a load at `offered` cases a second; 0: at most.
const json* LoadAt(const std::vector<json>& lines, double offered) {
  for (const json& line : lines) {
    if (line.contains("offered_per_s") && line["offered_per_s"].get<double>() == offered) return &line;
  }
  return nullptr;
}

std::optional<double> At(const json* line, const char* name, const char* part = nullptr) {
  if (line == nullptr || !line->contains(name)) return std::nullopt;
  const json& value = part == nullptr ? (*line)[name] : (*line)[name].value(part, json());
  if (!value.is_number()) return std::nullopt;
  return value.get<double>();
}

std::string Text(std::optional<double> value, int decimals) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, *value);
  return text;
}

void Row(const char* measure, const char* goal, std::optional<double> product, std::optional<double> floor,
         int decimals, bool met) {
  const std::optional<double> ratio = product && floor && *floor > 0 ? std::optional(*product / *floor) : std::nullopt;
  std::printf("| %s | %s | %s | %s | %s | %s |\n", measure, goal, Text(product, decimals).c_str(),
              Text(floor, decimals).c_str(), Text(ratio, 2).c_str(),
              !product ? "not measured"
              : met    ? "met"
                       : "missed");
}

void Shares(const char* title, const json* product, const json* floor) {
  if (product == nullptr) return;
  std::printf("\n%s: CPU in microseconds a case\n\n| process | product | floor |\n|---|---|---|\n", title);
  for (const char* name : {"load", "intake", "routing", "triage", "sla-timer", "notification", "kafka", "redis"}) {
    const auto of = [name](const json* line) -> std::optional<double> {
      if (line == nullptr || !line->contains("cpu_us_per_case")) return std::nullopt;
      return At(&(*line)["cpu_us_per_case"], name);
    };
    std::printf("| %s | %s | %s |\n", name, Text(of(product), 0).c_str(), Text(of(floor), 0).c_str());
  }
  std::printf("| sum | %s | %s |\n", Text(At(product, "sum_us_per_case"), 0).c_str(),
              Text(At(floor, "sum_us_per_case"), 0).c_str());
  std::printf("\nothers on this machine: %s cores (product), %s (floor); above 0.2 it is no measurement\n",
              Text(At(product, "others_cores"), 2).c_str(), Text(At(floor, "others_cores"), 2).c_str());
}

void Cores(const char* title, const json* line) {
  if (line == nullptr || !line->contains("cores")) return;
  std::printf("\n%s: cores of", title);
  for (const auto& [name, cores] : (*line)["cores"].items()) std::printf(" %s %.2f", name.c_str(), cores.get<double>());
  std::printf("; others %s\n", Text(At(line, "others_cores"), 2).c_str());
}

}  // namespace

int PrintBenchTable(const std::string& product_file, const std::string& floor_file) {
  const std::vector<json> product = ReadLines(product_file);
  const std::vector<json> floor = floor_file.empty() ? std::vector<json>() : ReadLines(floor_file);
  constexpr double kFixed = 1000;
  const json *most = LoadAt(product, 0), *floor_most = LoadAt(floor, 0);
  const json *fixed = LoadAt(product, kFixed), *floor_fixed = LoadAt(floor, kFixed);
  const json *clocks = Named(product, "clocks"), *burst = Named(product, "burst");
  const auto at_most = [](std::optional<double> value, double bound) { return value && *value <= bound; };
  std::printf("| measure | goal | product | floor | ratio | |\n|---|---|---|---|---|---|\n");
  const auto notified = At(most, "notified_per_s"), floor_notified = At(floor_most, "notified_per_s");
  const bool fast = notified && (floor_notified ? *notified >= 0.6 * *floor_notified : *notified >= 5000);
  Row("accepted, assigned and notified, cases/s", ">= 0.60 of the floor", notified, floor_notified, 0, fast);
  Row("accept p50 at 1,000/s, ms", "", At(fixed, "accept_ms", "p50"), At(floor_fixed, "accept_ms", "p50"), 1, true);
  Row("accept p99 at 1,000/s, ms", "<= 10", At(fixed, "accept_ms", "p99"), At(floor_fixed, "accept_ms", "p99"), 1,
      at_most(At(fixed, "accept_ms", "p99"), 10));
  Row("accept to assigned p50 at 1,000/s, ms", "", At(fixed, "accept_to_assigned_ms", "p50"),
      At(floor_fixed, "accept_to_notified_ms", "p50"), 1, true);
  Row("accept to assigned p99 at 1,000/s, ms", "<= 40", At(fixed, "accept_to_assigned_ms", "p99"),
      At(floor_fixed, "accept_to_notified_ms", "p99"), 1, at_most(At(fixed, "accept_to_assigned_ms", "p99"), 40));
  Row("accept to delivered p99 at 1,000/s, ms", "", At(fixed, "accept_to_notified_ms", "p99"), std::nullopt, 1, true);
  Row("CPU a case at most, microseconds", "", At(most, "sum_us_per_case"), At(floor_most, "sum_us_per_case"), 0, true);
  Row("lateness p99 of a due clock, ms", "<= 10", At(clocks, "late_ms", "p99"), std::nullopt, 1,
      at_most(At(clocks, "late_ms", "p99"), 10));
  Row("lateness at most, ms", "<= 250", At(clocks, "late_ms", "max"), std::nullopt, 1,
      at_most(At(clocks, "late_ms", "max"), 250));
  Row("all clocks due at one instant: the last, ms", "<= 600 of 10,000", At(burst, "late_ms", "max"), std::nullopt, 1,
      at_most(At(burst, "late_ms", "max"), 600));
  const json *ready = Named(product, "ready"), *full = Named(product, "full"), *queries = Named(product, "queries");
  Row("ready after kill -9 of sla-timer, ms", "<= 2000 with 1 M armed", At(ready, "sla_timer_ms"), std::nullopt, 0,
      at_most(At(ready, "sla_timer_ms"), 2000));
  Row("ready after kill -9 of routing, ms", "", At(ready, "routing_ms"), std::nullopt, 0, true);
  Row("memory of routing a live case, bytes", "<= 2048", At(clocks, "bytes_per_case", "routing"), std::nullopt, 0,
      at_most(At(clocks, "bytes_per_case", "routing"), 2048));
  Row("memory of Redis a live case, bytes", "", At(clocks, "bytes_per_case", "redis"), std::nullopt, 0, true);
  Row("memory an armed clock, bytes", "<= 200", At(clocks, "bytes_per_armed_clock"), std::nullopt, 0,
      at_most(At(clocks, "bytes_per_armed_clock"), 200));
  const auto when_full = At(full, "notified_per_s");
  const auto kept = when_full && notified ? std::optional(*when_full / *notified) : std::nullopt;
  Row("cases/s with many live cases / empty", ">= 0.95 with 1 M", kept, std::nullopt, 2, kept && *kept >= 0.95);
  Row("one case, asked for under 1,000/s, p99 ms", "", At(queries, "get_ms", "p99"), std::nullopt, 1, true);
  Row("a page of 50, asked for under 1,000/s, p99 ms", "", At(queries, "list_ms", "p99"), std::nullopt, 1, true);
  if (clocks != nullptr) {
    std::printf("\nclocks: %s armed, %s due at %s a second, %s early\n", Text(At(clocks, "armed"), 0).c_str(),
                Text(At(clocks, "due"), 0).c_str(), Text(At(clocks, "due_per_s"), 0).c_str(),
                Text(At(clocks, "early"), 0).c_str());
  }
  Shares("At most", most, floor_most);
  Shares("At 1,000/s", fixed, floor_fixed);
  Cores("clocks", clocks);
  Cores("burst", burst);
  return 0;
}

}  // namespace escalon::load
