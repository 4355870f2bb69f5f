#include "common/http/json_guard.h"

#include <string>
#include <utility>
#include <vector>

#include "common/runtime/utf8.h"

namespace escalon::http {
namespace {

using nlohmann::json;

// Builds the value while it checks, so that nothing beyond a limit is ever kept.
class Builder : public nlohmann::json_sax<json> {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return Put(nullptr); }
  bool boolean(bool value) override { return Put(value); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override { return Put(value); }
  bool string(string_t& value) override { return Put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(json::object()); }
  bool start_array(std::size_t) override { return Open(json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    Level& level = open_.back();
    if (level.value->contains(name)) {
      level.key = std::move(name);
      return Fail(Path(), "is given twice in one object");
    }
    level.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& fault) override {
    // nlohmann's text quotes the input: only what the kind of fault is goes out.
    const bool number = fault.id >= 400;
    return Fail(Path(), number ? "has a number that no double can hold"
                               : "is no valid JSON near byte " + std::to_string(position));
  }

  json Take() { return std::move(root_); }
  const Error& error() const { return error_; }

 private:
  struct Level {
    json* value;
    std::string key = {};
  };

  json* Place(json value) {
    if (++values_ > limits_.max_values) {
      Fail(Path(), "has more than " + std::to_string(limits_.max_values) + " values");
      return nullptr;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *open_.back().value;
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    return &(parent[open_.back().key] = std::move(value));
  }
  bool Put(json value) { return Place(std::move(value)) != nullptr; }
  bool Open(json value) {
    if (static_cast<int>(open_.size()) >= limits_.max_depth)
      return Fail(Path(), "is nested deeper than " + std::to_string(limits_.max_depth) + " levels");
    json* placed = Place(std::move(value));
    if (placed == nullptr) return false;
    // Safe: while a value is open, nothing is added to its parents.
    open_.push_back({placed});
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  // Where the parser is: `facts.tags[3]`.
  std::string Path() const {
    std::string path;
    for (const Level& level : open_) {
      if (level.value->is_array()) {
        // An element that is open is in the array already; one that is being read is not.
        const bool inside = &level != &open_.back();
        path += "[" + std::to_string(level.value->size() - (inside ? 1 : 0)) + "]";
      } else if (!level.key.empty()) {
        path += (path.empty() ? "" : ".") + level.key.substr(0, 64);
      }
      if (path.size() > 512) return path + "…";
    }
    return path.empty() ? "body" : path;
  }

  bool Fail(const std::string& field, const std::string& message) {
    if (error_.fields.empty()) error_ = InvalidField(field, message);
    return false;
  }

  const JsonLimits limits_;
  json root_;
  std::vector<Level> open_;
  size_t values_ = 0;
  Error error_;
};

}  // namespace

Result<json> ParseUntrustedJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes)
    return InvalidField("body", "has " + std::to_string(text.size()) + " bytes; at most " +
                                    std::to_string(limits.max_bytes) + " are taken");
  for (size_t at = 0; at < text.size();) {
    const size_t length = runtime::Utf8SequenceAt(text, at);
    if (length == 0) return InvalidField("body", "is no valid UTF-8 at byte " + std::to_string(at));
    at += length;
  }
  Builder builder(limits);
  try {
    if (json::sax_parse(text.begin(), text.end(), &builder)) return builder.Take();
  } catch (const std::exception& fault) {
    return InvalidField("body", std::string("cannot be read as JSON: ") + fault.what());
  }
  return builder.error();
}

}  // namespace escalon::http
