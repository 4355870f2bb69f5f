#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "common/core/html.h"
#include "services/escalonctl/report/report_page.h"

namespace escalon::escalonctl {
namespace {

constexpr auto kColours = std::to_array<const char*>({"#2f6db5", "#d9822b", "#5b8c5a", "#8a5aa8", "#a8455a"});
constexpr size_t kMostBars = 60;    ///< rows that a chart shows
constexpr size_t kMostRows = 2000;  ///< rows that a table shows: a browser has to hold them
constexpr int kLabelWidth = 190, kBarWidth = 480, kBarHeight = 14, kGap = 6;

constexpr const char* kStyle =
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1c2430;"
    "background:#fff}h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2.2rem;border-bottom:1px "
    "solid #d5dbe3;padding-bottom:.2rem}p{margin:.4rem "
    "0}p.note{color:#566273}table{border-collapse:collapse;margin:.6rem "
    "0;font-size:.9rem}th,td{padding:.25rem .7rem;text-align:left;border-bottom:1px solid #e6eaf0;vertical-align:top}"
    "th{background:#f3f5f8}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}nav a{margin-right:1rem}"
    "svg{display:block;margin:.6rem 0;max-width:100%}svg text{font:12px system-ui,sans-serif;fill:#1c2430}"
    "details summary{cursor:pointer;color:#2f6db5}.wide{overflow-x:auto}"
    "@media (prefers-color-scheme:dark){body{background:#12161c;color:#dfe5ec}th{background:#1d242d}"
    "th,td,h2{border-color:#2b3540}p.note{color:#9fb0c2}svg text{fill:#dfe5ec}}";

std::string Escaped(const std::string& text) { return EscapeHtml(Printable(text)); }

const ReportColumn* ColumnOf(const ReportSection& section, const std::string& key) {
  const auto found = std::find_if(section.columns.begin(), section.columns.end(),
                                  [&key](const ReportColumn& column) { return column.key == key; });
  return found == section.columns.end() ? nullptr : &*found;
}

double NumberAt(const Json& row, const std::string& key) {
  const auto found = row.find(key);
  return found != row.end() && found->is_number() ? found->get<double>() : 0;
}

std::string Pixels(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string BarsOf(const ReportSection& section) {
  const size_t rows = std::min(section.rows.size(), kMostBars);
  double most = 0;
  for (size_t i = 0; i < rows; ++i) {
    for (const std::string& key : section.chart) most = std::max(most, NumberAt(section.rows[i], key));
  }
  if (rows == 0 || most <= 0) return {};
  const int series = static_cast<int>(section.chart.size());
  const int row_height = series * kBarHeight + kGap;
  const int height = static_cast<int>(rows) * row_height + kGap;
  std::string out = "<svg role=\"img\" aria-label=\"" + Escaped(section.title) + "\" viewBox=\"0 0 " +
                    std::to_string(kLabelWidth + kBarWidth + 90) + " " + std::to_string(height) + "\" width=\"" +
                    std::to_string(kLabelWidth + kBarWidth + 90) + "\">";
  for (size_t i = 0; i < rows; ++i) {
    const Json& row = section.rows[i];
    const int top = static_cast<int>(i) * row_height + kGap;
    const ReportColumn& label = section.columns.front();
    out += "<text x=\"" + std::to_string(kLabelWidth - 8) + "\" y=\"" + std::to_string(top + row_height / 2) +
           "\" text-anchor=\"end\">" + Escaped(ReportText(row.value(label.key, Json()), label.unit)) + "</text>";
    for (int k = 0; k < series; ++k) {
      const std::string& key = section.chart[static_cast<size_t>(k)];
      const ReportColumn* column = ColumnOf(section, key);
      const double value = NumberAt(row, key);
      const int y = top + k * kBarHeight;
      const double width = std::max(value > 0 ? 1.0 : 0.0, value / most * kBarWidth);
      out += "<rect x=\"" + std::to_string(kLabelWidth) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
             Pixels(width) + "\" height=\"" + std::to_string(kBarHeight - 2) + "\" fill=\"" +
             kColours[static_cast<size_t>(k) % kColours.size()] + "\"/><text x=\"" + Pixels(kLabelWidth + width + 6) +
             "\" y=\"" + std::to_string(y + kBarHeight - 4) + "\">" +
             Escaped(ReportText(row.value(key, Json()), column != nullptr ? column->unit : Unit::kNumber)) + "</text>";
    }
  }
  return out + "</svg>";
}

std::string LegendOf(const ReportSection& section) {
  if (section.chart.size() < 2) return {};
  std::string out = "<p>";
  for (size_t k = 0; k < section.chart.size(); ++k) {
    const ReportColumn* column = ColumnOf(section, section.chart[k]);
    out += "<span style=\"color:" + std::string(kColours[k % kColours.size()]) + "\">&#9632;</span> " +
           Escaped(column != nullptr ? column->title : section.chart[k]) + " &nbsp; ";
  }
  return out + "</p>";
}

std::string TableOf(const ReportSection& section) {
  std::string out = "<div class=\"wide\"><table><thead><tr>";
  const auto cell_class = [](const ReportColumn& column) {
    return column.unit != Unit::kText && column.unit != Unit::kInstant ? " class=\"n\"" : "";
  };
  for (const ReportColumn& column : section.columns)
    out += "<th" + std::string(cell_class(column)) + ">" + Escaped(column.title) + "</th>";
  out += "</tr></thead><tbody>";
  const size_t rows = std::min(section.rows.size(), kMostRows);
  for (size_t i = 0; i < rows; ++i) {
    const Json& row = section.rows[i];
    out += "<tr>";
    for (const ReportColumn& column : section.columns) {
      out += "<td" + std::string(cell_class(column)) + ">" +
             Escaped(ReportText(row.value(column.key, Json()), column.unit)) + "</td>";
    }
    out += "</tr>";
  }
  out += "</tbody></table></div>";
  if (rows == section.rows.size()) return out;
  return out + "<p class=\"note\">The first " + std::to_string(rows) + "; all of them with --format csv --table " +
         Escaped(section.id) + ".</p>";
}

}  // namespace

std::string ReportHtml(const ReportPage& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>" +
      Escaped(page.title) + "</title><style>" + kStyle + "</style></head><body>\n<h1>" + Escaped(page.title) +
      "</h1>\n<p>" + Escaped(page.subtitle) + "</p>\n<nav>";
  for (const ReportSection& section : page.sections) {
    if (!section.rows.empty()) out += "<a href=\"#" + Escaped(section.id) + "\">" + Escaped(section.title) + "</a> ";
  }
  out += "</nav>\n";
  for (const ReportSection& section : page.sections) {
    if (section.rows.empty()) continue;
    out += "<section id=\"" + Escaped(section.id) + "\"><h2>" + Escaped(section.title) + "</h2>\n";
    if (!section.note.empty()) out += "<p class=\"note\">" + Escaped(section.note) + "</p>\n";
    if (!section.chart.empty()) out += LegendOf(section) + BarsOf(section) + "\n";
    const bool folded = !section.in_text || section.rows.size() > kMostBars;
    out += folded ? "<details><summary>" + std::to_string(section.rows.size()) + " rows</summary>" + TableOf(section) +
                        "</details>"
                  : TableOf(section);
    out += "</section>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace escalon::escalonctl
