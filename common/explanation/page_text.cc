#include <algorithm>
#include <sstream>

#include "common/explanation/page.h"

namespace escalon::explanation {
namespace {

constexpr size_t kLine = 118;
constexpr size_t kWidestCell = 40;

/// Code points, since every one of ours takes one column.
size_t Width(const std::string& text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::vector<std::string> Wrapped(const std::string& text, size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    std::string& line = lines.back();
    if (!line.empty() && Width(line) + 1 + Width(word) > width) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
  }
  return lines;
}

void Write(std::ostream& out, const Paragraph& paragraph) {
  for (const std::string& line : Wrapped(paragraph.text, kLine)) out << line << '\n';
}

void Write(std::ostream& out, const Bullets& bullets) {
  for (const std::string& item : bullets.items) {
    bool first = true;
    for (const std::string& line : Wrapped(item, kLine - 4)) {
      out << (first ? "  - " : "    ") << line << '\n';
      first = false;
    }
  }
}

void WriteRow(std::ostream& out, const std::vector<std::string>& row, const std::vector<size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  size_t height = 1;
  for (size_t i = 0; i < widths.size(); ++i) {
    cells.push_back(Wrapped(i < row.size() ? row[i] : "", widths[i]));
    height = std::max(height, cells.back().size());
  }
  for (size_t line = 0; line < height; ++line) {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string& cell = line < cells[i].size() ? cells[i][line] : std::string();
      text += "  " + cell + std::string(widths[i] - std::min(widths[i], Width(cell)), ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  }
}

void Write(std::ostream& out, const PageTable& table) {
  std::vector<size_t> widths;
  for (size_t i = 0; i < table.head.size(); ++i) {
    size_t width = Width(table.head[i]);
    for (const auto& row : table.rows) width = std::max(width, i < row.size() ? Width(row[i]) : 0);
    widths.push_back(std::min(width, kWidestCell));
  }
  WriteRow(out, table.head, widths);
  std::vector<std::string> rule;
  for (const size_t width : widths) rule.emplace_back(width, '-');
  WriteRow(out, rule, widths);
  for (const auto& row : table.rows) WriteRow(out, row, widths);
}

}  // namespace

std::string AsText(const Page& page) {
  std::ostringstream out;
  out << page.title << '\n' << std::string(Width(page.title), '=') << '\n';
  for (const Chapter& chapter : page.chapters) {
    if (chapter.blocks.empty()) continue;
    out << '\n' << chapter.title << '\n' << std::string(Width(chapter.title), chapter.depth == 2 ? '-' : '.') << '\n';
    bool first = true;
    for (const Block& block : chapter.blocks) {
      if (!first) out << '\n';
      first = false;
      std::visit([&](const auto& one) { Write(out, one); }, block);
    }
  }
  return out.str();
}

}  // namespace escalon::explanation
