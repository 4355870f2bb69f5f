#pragma once

#include <string>
#include <variant>
#include <vector>

namespace escalon::explanation {

struct Paragraph {
  std::string text;
};
struct Bullets {
  std::vector<std::string> items;
};
struct PageTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};
using Block = std::variant<Paragraph, Bullets, PageTable>;

struct Chapter {
  std::string title;
  int depth = 2;  ///< of the heading
  std::vector<Block> blocks;

  void Say(std::string text);
  /// Nothing for no items, no rows.
  void Say(Bullets bullets);
  void Say(PageTable table);
};

/// Something to read: headings, paragraphs, lists and tables, without any markup in its texts.
struct Page {
  std::string title;
  std::vector<Chapter> chapters;  ///< empty ones are left out when it is rendered
};

/// For a terminal: tables as aligned columns, wide cells wrapped.
std::string AsText(const Page& page);
std::string AsMarkdown(const Page& page);
/// One file without scripts or outside references; every text is escaped.
std::string AsHtml(const Page& page);

}  // namespace escalon::explanation
