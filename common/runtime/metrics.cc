#include "common/runtime/metrics.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <variant>

#include "common/core/mutex.h"
#include "common/runtime/fault.h"

namespace escalon::runtime {
namespace {

using AnyFamily = std::variant<prometheus::Family<prometheus::Counter>*, prometheus::Family<prometheus::Gauge>*,
                               prometheus::Family<prometheus::Histogram>*>;
constexpr std::array<std::string_view, 3> kTypes{"counter", "gauge", "histogram"};

bool IsName(std::string_view name) {
  if (!name.starts_with("escalon_") && !name.starts_with("process_")) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string> Keys(const Labels& labels) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : labels) keys.push_back(key);
  return keys;
}

}  // namespace

struct Metrics::State {
  struct Declared {
    MetricInfo info;
    AnyFamily family;
  };

  // Finds the family, or makes it; the variant's index is the metric's type.
  template <typename T>
  prometheus::Family<T>& FamilyOf(const std::string& name, const std::string& help, const Labels& labels)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    const std::string_view type = kTypes[AnyFamily(static_cast<prometheus::Family<T>*>(nullptr)).index()];
    if (!IsName(name)) ProgramFault("metric " + name + " must be named escalon_* in lower case");
    if (help.empty()) ProgramFault("metric " + name + " has no help");
    if (type == "counter" && !name.ends_with("_total")) ProgramFault("counter " + name + " must end in _total");
    const auto found = declared.find(name);
    if (found != declared.end()) {
      const MetricInfo& info = found->second.info;
      if (info.type != type || info.help != help || info.labels != Keys(labels))
        ProgramFault("metric " + name + " is declared twice with different type, help or label keys");
      return *std::get<prometheus::Family<T>*>(found->second.family);
    }
    auto& family = Build<T>().Name(name).Help(help).Register(registry);
    declared.emplace(name, Declared{{name, std::string(type), help, Keys(labels)}, &family});
    return family;
  }

  template <typename T>
  static auto Build() {
    if constexpr (std::is_same_v<T, prometheus::Counter>) {
      return prometheus::BuildCounter();
    } else if constexpr (std::is_same_v<T, prometheus::Gauge>) {
      return prometheus::BuildGauge();
    } else {
      return prometheus::BuildHistogram();
    }
  }

  Mutex mutex;
  prometheus::Registry registry;
  std::map<std::string, Declared> declared ABSL_GUARDED_BY(mutex);
  Mutex refresh_mutex;  // held while refreshing, so that a removal waits
  std::map<int, std::function<void()>> refresh ABSL_GUARDED_BY(refresh_mutex);
  int next_refresh ABSL_GUARDED_BY(refresh_mutex) = 1;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

CounterRef Metrics::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  const MutexLock lock(state_->mutex);
  return &state_->FamilyOf<prometheus::Counter>(name, help, labels).Add(labels);
}

GaugeRef Metrics::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  const MutexLock lock(state_->mutex);
  return &state_->FamilyOf<prometheus::Gauge>(name, help, labels).Add(labels);
}

HistogramRef Metrics::AddHistogram(const std::string& name, const std::string& help, std::span<const double> buckets,
                                   const Labels& labels) {
  if (!std::is_sorted(buckets.begin(), buckets.end(), std::less_equal<>()))
    ProgramFault("histogram " + name + " needs strictly increasing buckets");
  const MutexLock lock(state_->mutex);
  return &state_->FamilyOf<prometheus::Histogram>(name, help, labels)
              .Add(labels, prometheus::Histogram::BucketBoundaries(buckets.begin(), buckets.end()));
}

std::vector<CounterRef> Metrics::AddCounters(const std::string& name, const std::string& help, const std::string& label,
                                             const std::vector<std::string>& values) {
  std::vector<CounterRef> counters;
  for (const std::string& value : values) counters.push_back(AddCounter(name, help, {{label, value}}));
  return counters;
}

int Metrics::OnScrape(std::function<void()> refresh) {
  const MutexLock lock(state_->refresh_mutex);
  state_->refresh.emplace(state_->next_refresh, std::move(refresh));
  return state_->next_refresh++;
}

void Metrics::RemoveOnScrape(int id) {
  const MutexLock lock(state_->refresh_mutex);
  state_->refresh.erase(id);
}

std::string Metrics::Serialize() const {
  {
    const MutexLock lock(state_->refresh_mutex);
    for (const auto& [id, refresh] : state_->refresh) refresh();
  }
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

std::vector<MetricInfo> Metrics::Catalogue() const {
  const MutexLock lock(state_->mutex);
  std::vector<MetricInfo> list;
  for (const auto& [name, declared] : state_->declared) list.push_back(declared.info);
  return list;
}

}  // namespace escalon::runtime
