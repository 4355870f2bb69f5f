#include "common/calc/json.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace escalon::calc {
namespace {

/// Builds the tree as the parser goes, so that the limits hold before anything is built beyond them.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(int most_levels, std::string* problem) : most_levels_(most_levels), problem_(problem) {}

  bool null() override { return Put(Json()); }
  bool boolean(bool value) override { return Put(Json(value)); }
  bool number_integer(number_integer_t value) override { return Put(Json(int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX)) return Put(Json(static_cast<int64_t>(value)));
    return Put(Json::Number(static_cast<double>(value), std::to_string(value)));
  }
  bool number_float(number_float_t value, const string_t& written) override {
    return Put(Json::Number(value, written));
  }
  bool string(string_t& value) override { return Put(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::Object()); }
  bool start_array(std::size_t) override { return Open(Json::Array()); }
  bool key(string_t& value) override {
    open_.back()->keys.push_back(std::move(value));
    return true;
  }
  bool end_object() override {
    FindRepeated(open_.back());
    open_.pop_back();
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int kOutOfRange = 406;
    *problem_ = error.id == kOutOfRange
                    ? "holds a number that is too large"
                    : "is no JSON from byte " + std::to_string(position) + " on; write one JSON object in UTF-8";
    return false;
  }

  Json root;

 private:
  Json* Put(Json value, Json* into) {
    into->items.push_back(std::move(value));
    return &into->items.back();
  }
  bool Put(Json value) {
    if (open_.empty()) {
      root = std::move(value);
    } else {
      Put(std::move(value), open_.back());
    }
    return true;
  }
  bool Open(Json value) {
    if (open_.size() == static_cast<size_t>(most_levels_)) {
      *problem_ = "is more than " + std::to_string(most_levels_) + " levels deep";
      return false;
    }
    if (open_.empty()) {
      root = std::move(value);
      open_.push_back(&root);
    } else {
      open_.push_back(Put(std::move(value), open_.back()));
    }
    return true;
  }
  static void FindRepeated(Json* object) {
    const std::vector<std::string>& keys = object->keys;
    std::vector<size_t> order(keys.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&keys](size_t a, size_t b) { return keys[a] < keys[b]; });
    for (size_t i = 1; i < order.size(); ++i) {
      if (keys[order[i]] == keys[order[i - 1]])
        object->repeated = std::min(object->repeated.value_or(order[i]), order[i]);
    }
  }

  const int most_levels_;
  std::string* const problem_;
  std::vector<Json*> open_;
};

void WriteText(std::string_view text, std::string* out) {
  *out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        *out += "\\\"";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\t':
        *out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          *out += c;
        } else {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
          *out += escape;
        }
    }
  }
  *out += '"';
}

void Write(const Json& json, std::string* out) {
  switch (json.kind) {
    case Json::Kind::kNull:
      *out += "null";
      break;
    case Json::Kind::kBool:
      *out += json.flag ? "true" : "false";
      break;
    case Json::Kind::kInteger:
      *out += std::to_string(json.integer);
      break;
    case Json::Kind::kNumber:
      *out += json.text;
      break;
    case Json::Kind::kString:
      WriteText(json.text, out);
      break;
    case Json::Kind::kArray:
      *out += '[';
      for (size_t i = 0; i < json.items.size(); ++i) {
        if (i > 0) *out += ',';
        Write(json.items[i], out);
      }
      *out += ']';
      break;
    case Json::Kind::kObject:
      *out += '{';
      for (size_t i = 0; i < json.items.size(); ++i) {
        if (i > 0) *out += ',';
        WriteText(json.keys[i], out);
        *out += ':';
        Write(json.items[i], out);
      }
      *out += '}';
      break;
  }
}

}  // namespace

Json Json::OfKind(Kind kind) {
  Json json;
  json.kind = kind;
  return json;
}

Json Json::Number(double value, std::string text) {
  Json json = OfKind(Kind::kNumber);
  json.number = value;
  json.text = std::move(text);
  return json;
}

const Json* Json::Find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

Json& Json::Set(std::string key, Json value) {
  keys.push_back(std::move(key));
  items.push_back(std::move(value));
  return *this;
}

std::optional<Json> ParseJson(std::string_view text, int most_levels, std::string* problem) {
  // The parser takes a NUL for the end of its input.
  if (text.find('\0') != std::string_view::npos) {
    *problem = "holds a NUL byte; write one JSON object in UTF-8";
    return std::nullopt;
  }
  Builder builder(most_levels, problem);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return std::move(builder.root);
}

std::string WriteJson(const Json& json) {
  std::string out;
  Write(json, &out);
  return out;
}

}  // namespace escalon::calc
