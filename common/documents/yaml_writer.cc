#include "common/documents/yaml_writer.h"

#include <algorithm>

namespace escalon::documents {
namespace {

constexpr size_t kWidth = 120;

bool IsPlainByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '%' || c == '+' || c == '-' || c == ' ' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool IsPlain(const std::string& text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  if (text.starts_with("- ") || text == "-" || text.front() == '%') return false;
  return std::all_of(text.begin(), text.end(), IsPlainByte);
}

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::string Scalar(const std::string& text, bool quoted) { return quoted || !IsPlain(text) ? Quoted(text) : text; }

std::string Flow(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kText:
      return Scalar(node.text, node.quoted);
    case Node::Kind::kList: {
      std::string out = "[";
      for (const Node& item : node.items) out += (out.size() > 1 ? ", " : "") + Flow(item);
      return out + "]";
    }
    case Node::Kind::kMap:
      break;
  }
  std::string out = "{";
  for (const Node::Entry& entry : node.entries) {
    out += (out.size() > 1 ? ", " : "") + Scalar(entry.key, entry.quoted) + ": " + Flow(entry.value);
  }
  return out + "}";
}

bool IsLeaf(const Node& node) { return node.kind == Node::Kind::kNull || node.kind == Node::Kind::kText; }

/// Deep ones are easier to read as blocks.
bool FitsOnALine(const Node& node, size_t indent) {
  if (IsLeaf(node) || (node.items.empty() && node.entries.empty())) return true;
  return indent >= 4 && Flow(node).size() + indent < kWidth;
}

void WriteBlock(const Node& node, size_t indent, std::string* out);

void WriteValue(const Node& node, size_t indent, std::string* out) {
  if (FitsOnALine(node, indent)) {
    *out += " " + Flow(node) + "\n";
    return;
  }
  *out += "\n";
  WriteBlock(node, indent + 2, out);
}

void WriteItem(const Node& item, size_t indent, std::string* out) {
  const std::string margin(indent, ' ');
  if (FitsOnALine(item, indent + 2)) {
    *out += margin + "- " + Flow(item) + "\n";
    return;
  }
  std::string below;
  WriteBlock(item, indent + 2, &below);
  below.replace(indent, 2, "- ");
  *out += below;
}

void WriteBlock(const Node& node, size_t indent, std::string* out) {
  const std::string margin(indent, ' ');
  for (const Node& item : node.items) WriteItem(item, indent, out);
  for (const Node::Entry& entry : node.entries) {
    *out += margin + Scalar(entry.key, entry.quoted) + ":";
    WriteValue(entry.value, indent, out);
  }
}

}  // namespace

std::string WriteYaml(const Node& root) {
  if (IsLeaf(root)) return Flow(root) + "\n";
  std::string out;
  WriteBlock(root, 0, &out);
  return out;
}

}  // namespace escalon::documents
