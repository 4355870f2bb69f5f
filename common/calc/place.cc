#include "common/calc/place.h"

#include <algorithm>

namespace escalon::calc {
namespace {

constexpr const char* kNoObject = "must be an object";

/// False, with a fault, when it is no object or a key comes twice.
bool IsPlainObject(const Place& place) {
  if (!place.is(Json::Kind::kObject)) {
    place.Refuse(kNoObject);
    return false;
  }
  if (const std::optional<size_t> repeated = place.json().repeated) {
    place.fault()->Add(place.PathOf(place.json().keys[*repeated]), "is there twice; write it once");
    return false;
  }
  return true;
}

}  // namespace

std::string Place::PathOf(std::string_view key) const {
  std::string out;
  out.reserve(path_.size() + 1 + key.size());
  out += path_;
  if (!path_.empty()) out += '.';
  out += key;
  return out;
}

std::vector<Place> Place::Items() const {
  std::vector<Place> out;
  if (!is(Json::Kind::kArray)) {
    Refuse("must be a list");
    return out;
  }
  out.reserve(json_->items.size());
  for (size_t i = 0; i < json_->items.size(); ++i)
    out.emplace_back(json_->items[i], path_ + "[" + std::to_string(i) + "]", fault_);
  return out;
}

std::vector<std::pair<std::string_view, Place>> Place::Members(Nulls nulls) const {
  std::vector<std::pair<std::string_view, Place>> out;
  if (!IsPlainObject(*this)) return out;
  for (size_t i = 0; i < json_->keys.size(); ++i) {
    if (nulls == Nulls::kAbsent && json_->items[i].is(Json::Kind::kNull)) continue;
    out.emplace_back(json_->keys[i], Place(json_->items[i], PathOf(json_->keys[i]), fault_));
  }
  return out;
}

Fields::Fields(Place place, std::initializer_list<std::string_view> known) : place_(std::move(place)) {
  if (!IsPlainObject(place_)) return;
  for (const std::string& key : place_.json().keys) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      place_.fault()->Add(place_.PathOf(key), "unknown field");
      return;
    }
  }
}

std::optional<Place> Fields::Optional(std::string_view name) const {
  std::optional<Place> found = Nullable(name);
  if (found && found->is(Json::Kind::kNull)) return std::nullopt;
  return found;
}

std::optional<Place> Fields::Required(std::string_view name) const {
  std::optional<Place> found = Optional(name);
  if (!found) place_.fault()->Add(place_.PathOf(name), "is required");
  return found;
}

std::optional<Place> Fields::Nullable(std::string_view name) const {
  const Json* json = place_.json().Find(name);
  if (json == nullptr) return std::nullopt;
  return Place(*json, place_.PathOf(name), place_.fault());
}

}  // namespace escalon::calc
