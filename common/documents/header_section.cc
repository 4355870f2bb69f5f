#include "common/documents/header_section.h"

#include "common/documents/values.h"

namespace escalon::documents {
namespace {

constexpr std::string_view kApiVersion = "escalon/v1";

void Expect(Fields* fields, std::string_view key, std::string_view wanted) {
  const auto value = fields->Take(key);
  if (!value) {
    fields->Missing(key);
  } else if (!value->is_text() || value->node->text != wanted) {
    value->Fault("must be " + std::string(wanted));
  }
}

}  // namespace

Status CheckKind(const Node& document, std::string_view kind) {
  if (document.kind != Node::Kind::kMap) {
    return InvalidField("", "must be a map that begins with apiVersion, kind and id");
  }
  for (const Node::Entry& entry : document.entries) {
    if (entry.key != "kind" || entry.value.kind != Node::Kind::kText || entry.value.text == kind) continue;
    return InvalidField("kind", "line " + std::to_string(entry.line) + ": is " + entry.value.text + ", wanted is " +
                                    std::string(kind) + "; hand in the other file");
  }
  return {};
}

void ReadHeader(Fields* fields, std::string_view kind, std::string* id) {
  Expect(fields, "apiVersion", kApiVersion);
  Expect(fields, "kind", kind);
  fields->Need("id", id, ReadName);
}

}  // namespace escalon::documents
