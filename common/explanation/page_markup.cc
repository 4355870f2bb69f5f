#include <sstream>
#include <string>
#include <string_view>

#include "common/core/html.h"
#include "common/explanation/page.h"

namespace escalon::explanation {
namespace {

constexpr const char* kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c2430}"
    "table{border-collapse:collapse;margin:1rem 0;width:100%}th,td{border:1px solid #c9d1dc;padding:.4rem .6rem;"
    "text-align:left;vertical-align:top}th{background:#eef2f7}h1,h2{border-bottom:1px solid #c9d1dc}"
    "@media print{body{margin:0}}";

std::string EscapeMarkdown(const std::string& text) {
  constexpr std::string_view kMarks = "|*_`[]\\";
  std::string out;
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&') {
      out += EscapeHtml({&c, 1});
    } else {
      if (kMarks.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

struct Markdown {
  std::ostream& out;
  static std::string Of(const std::string& text) { return EscapeMarkdown(text); }

  void operator()(const Paragraph& paragraph) const { out << Of(paragraph.text) << "\n"; }
  void operator()(const Bullets& bullets) const {
    for (const std::string& item : bullets.items) out << "- " << Of(item) << "\n";
  }
  void operator()(const PageTable& table) const {
    Row(table.head);
    out << "|";
    for (size_t i = 0; i < table.head.size(); ++i) out << "---|";
    out << "\n";
    for (const auto& row : table.rows) Row(row);
  }
  void Row(const std::vector<std::string>& cells) const {
    out << "|";
    for (const std::string& cell : cells) out << " " << Of(cell) << " |";
    out << "\n";
  }
};

struct Html {
  std::ostream& out;
  static std::string Of(const std::string& text) { return EscapeHtml(text); }

  void operator()(const Paragraph& paragraph) const { out << "<p>" << Of(paragraph.text) << "</p>\n"; }
  void operator()(const Bullets& bullets) const {
    out << "<ul>\n";
    for (const std::string& item : bullets.items) out << "<li>" << Of(item) << "</li>\n";
    out << "</ul>\n";
  }
  void operator()(const PageTable& table) const {
    out << "<table>\n";
    Row(table.head, "th");
    for (const auto& row : table.rows) Row(row, "td");
    out << "</table>\n";
  }
  void Row(const std::vector<std::string>& cells, const char* tag) const {
    out << "<tr>";
    for (const std::string& cell : cells) out << "<" << tag << ">" << Of(cell) << "</" << tag << ">";
    out << "</tr>\n";
  }
};

}  // namespace

std::string AsMarkdown(const Page& page) {
  std::ostringstream out;
  out << "# " << Markdown::Of(page.title) << "\n";
  for (const Chapter& chapter : page.chapters) {
    if (chapter.blocks.empty()) continue;
    out << "\n" << std::string(static_cast<size_t>(chapter.depth), '#') << " " << Markdown::Of(chapter.title) << "\n";
    for (const Block& block : chapter.blocks) {
      out << "\n";
      std::visit(Markdown{out}, block);
    }
  }
  return out.str();
}

std::string AsHtml(const Page& page) {
  std::ostringstream out;
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" << Html::Of(page.title)
      << "</title>\n<style>" << kStyle << "</style>\n</head>\n<body>\n<h1>" << Html::Of(page.title) << "</h1>\n";
  for (const Chapter& chapter : page.chapters) {
    if (chapter.blocks.empty()) continue;
    out << "<h" << chapter.depth << ">" << Html::Of(chapter.title) << "</h" << chapter.depth << ">\n";
    for (const Block& block : chapter.blocks) std::visit(Html{out}, block);
  }
  out << "</body>\n</html>\n";
  return out.str();
}

}  // namespace escalon::explanation
