#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/documents/report.h"

namespace escalon::documents {

/// The keys of one map, taken one by one. Keys that nobody asked for are reported when it goes out of scope, with the
/// nearest known one; those that begin with `x-` are free. Every other kind of value is reported once, and then has no
/// keys.
class Fields {
 public:
  explicit Fields(const Value& map);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  ~Fields();

  /// None when the key is not there.
  std::optional<Value> Take(std::string_view key);
  /// Two words for one thing; naming both is a fault.
  std::optional<Value> Take(std::string_view key, std::string_view other_word);
  /// Reads a key into `out` with `reader(value, out)`; leaves `out` alone when it is not there.
  template <typename T, typename Reader>
  bool Read(std::string_view key, T* out, Reader reader) {
    const std::optional<Value> value = Take(key);
    if (value) reader(*value, out);
    return value.has_value();
  }
  template <typename T, typename Reader>
  void Need(std::string_view key, T* out, Reader reader) {
    if (!Read(key, out, reader)) Missing(key);
  }
  void Missing(std::string_view key);
  /// A key for something that is set in another place: says where.
  void Elsewhere(std::string_view key, std::string_view where);
  /// The keys not taken so far, for maps whose keys are names.
  std::vector<Value> TakeRest(std::vector<std::string>* names);
  const Value& map() const { return map_; }
  bool readable() const { return map_.is_map(); }

 private:
  Value map_;
  std::set<std::string, std::less<>> asked_, names_, refused_;
};

}  // namespace escalon::documents
