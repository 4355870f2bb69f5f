#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/calc/json.h"
#include "common/core/result.h"

namespace escalon::calc {

/// The first fault found in a query. What is read after it does not matter: readers return what they can and go on.
class FirstFault {
 public:
  void Add(std::string field, std::string message) {
    if (!fault_) fault_ = FieldViolation{std::move(field), std::move(message)};
  }
  explicit operator bool() const { return fault_.has_value(); }
  const FieldViolation& operator*() const { return *fault_; }

 private:
  std::optional<FieldViolation> fault_;
};

/// A value of the query and where it stands.
class Place {
 public:
  Place(const Json& json, std::string path, FirstFault* fault) : json_(&json), path_(std::move(path)), fault_(fault) {}

  const Json& json() const { return *json_; }
  const std::string& path() const { return path_; }
  bool is(Json::Kind kind) const { return json_->is(kind); }
  FirstFault* fault() const { return fault_; }
  void Refuse(std::string message) const { fault_->Add(path_, std::move(message)); }
  /// `path.key`, and `key` in the query itself.
  std::string PathOf(std::string_view key) const;

  /// The elements of a list; a fault and none when it is no list.
  std::vector<Place> Items() const;
  /// The members of an object whose keys are data; a fault and none when it is no object or a key comes twice.
  enum class Nulls { kAbsent, kKept };
  std::vector<std::pair<std::string_view, Place>> Members(Nulls nulls = Nulls::kAbsent) const;

 private:
  const Json* json_;
  std::string path_;
  FirstFault* fault_;
};

/// The fields of an object. Refuses what is no object, keys that come twice and keys that nobody knows.
class Fields {
 public:
  Fields(Place place, std::initializer_list<std::string_view> known);

  const Place& place() const { return place_; }
  /// None when it is absent; null counts as absent.
  std::optional<Place> Optional(std::string_view name) const;
  /// As Optional, and a fault when it is absent.
  std::optional<Place> Required(std::string_view name) const;
  /// As Optional, but null is a value.
  std::optional<Place> Nullable(std::string_view name) const;
  bool Has(std::string_view name) const { return Optional(name).has_value(); }

 private:
  Place place_;
};

}  // namespace escalon::calc
