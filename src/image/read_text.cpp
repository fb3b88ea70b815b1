#include "kiloword/image/read_text.h"

#include <dlfcn.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "image/ink_page.h"
#include "image/line_filter.h"
#include "kiloword/base/error.h"
#include "kiloword/image/written_text.h"

namespace kiloword {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// The image is scaled so that its longer side lies between these: of smaller ones letters are too low for the
// recogniser, which was trained on letters of 20 to 40 pixels; larger ones take time.
constexpr int kLeastSide = 1200;
constexpr int kMostSide = 2400;
// Lines are looked for at this size, with letters of so many pixels at least.
constexpr int kFindingSide = 480;
constexpr double kFindingHeightPx = 6;
// What programs draw is read without a look for lines: their letters are often too low for it.
constexpr double kDrawnShare = 0.8;
constexpr int kSourceResolution = 150;  // Tesseract wants one; of letters it makes little difference

cv::Mat view_of(const Image& image) {
  // The pixels are only read.
  return {image.height, image.width, CV_8UC3, const_cast<uint8_t*>(image.rgb.data())};
}

/// `picture`, its longer side brought to between `least` and `most`.
cv::Mat scaled(const cv::Mat& picture, int least, int most) {
  const int longer = std::max(picture.cols, picture.rows);
  const int wanted = std::clamp(longer, least, most);
  if (wanted == longer) return picture;
  const double scale = static_cast<double>(wanted) / longer;
  const auto side = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  cv::Mat out;
  cv::resize(picture, out, {side(picture.cols), side(picture.rows)}, 0, 0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return out;
}

/// Lines as find_text() sees them at a small size, their boxes in pixels of `picture`.
std::vector<TextLine> find_lines(const cv::Mat& picture) {
  const cv::Mat small = scaled(picture, 1, kFindingSide);
  Image image{small.cols, small.rows, {}};
  image.rgb.assign(small.datastart, small.dataend);
  std::vector<TextLine> lines = find_text(image, kFindingHeightPx);
  const double scale = static_cast<double>(picture.cols) / small.cols;
  for (TextLine& line : lines) {
    line.box = {line.box.left * scale, line.box.top * scale, line.box.width * scale, line.box.height * scale};
  }
  return lines;
}

/// Lines of `from` in pixels of `to`, another decoding of the same image.
std::vector<TextLine> in_pixels_of(const DecodedImage& to, const DecodedImage& from,
                                   std::vector<TextLine> lines) {
  const double scale_x = to.box.width / from.box.width;
  const double scale_y = to.box.height / from.box.height;
  for (TextLine& line : lines) {
    line.box = {(line.box.left - from.box.left) * scale_x + to.box.left,
                (line.box.top - from.box.top) * scale_y + to.box.top, line.box.width * scale_x,
                line.box.height * scale_y};
  }
  return lines;
}

/// What was recognised last, as lines with boxes in pixels of the page.
std::vector<ReadLine> lines_of(tesseract::TessBaseAPI& engine) {
  const std::unique_ptr<tesseract::ResultIterator> words(engine.GetIterator());
  LineBuilder builder;
  if (!words) return builder.take();
  do {
    const std::unique_ptr<char[]> text(words->GetUTF8Text(tesseract::RIL_WORD));  // NOLINT: Tesseract's
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
    if (!text || !words->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom)) continue;
    const PictureBox box{static_cast<double>(left), static_cast<double>(top),
                         static_cast<double>(right - left), static_cast<double>(bottom - top)};
    builder.add({text.get(), box, words->Confidence(tesseract::RIL_WORD) / 100.0},
                words->IsAtBeginningOf(tesseract::RIL_TEXTLINE));
  } while (words->Next(tesseract::RIL_WORD));
  return builder.take();
}

/// Keeps the calling thread's OpenMP regions on that thread: Tesseract asks for four threads, which wait for
/// each other by spinning, and on busy cores take ten times as long as one. Tesseract brings the OpenMP
/// library, or has none.
class OneThread {
 public:
  OneThread() {
    const auto get = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "omp_get_max_active_levels"));
    set_ = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "omp_set_max_active_levels"));
    if (get == nullptr || set_ == nullptr) return;
    levels_ = get();
    set_(0);
  }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() {
    if (set_ != nullptr && levels_ >= 0) set_(levels_);
  }

 private:
  void (*set_)(int) = nullptr;
  int levels_ = -1;
};

std::vector<ReadLine> read_page(tesseract::TessBaseAPI& engine, const cv::Mat& page, milliseconds time) {
  if (time.count() <= 0) return {};
  engine.SetImage(page.data, page.cols, page.rows, 1, static_cast<int>(page.step));
  engine.SetSourceResolution(kSourceResolution);
  tesseract::ETEXT_DESC monitor;
  monitor.set_deadline_msecs(static_cast<int32_t>(time.count()));
  std::vector<ReadLine> lines;
  const OneThread one_thread;
  if (engine.Recognize(&monitor) == 0) lines = lines_of(engine);
  engine.Clear();
  return lines;
}

/// None where the data of `language` is missing.
std::unique_ptr<tesseract::TessBaseAPI> open_engine(const std::string& language) {
  auto engine = std::make_unique<tesseract::TessBaseAPI>();
  engine->SetVariable("debug_file", "/dev/null");  // Tesseract prints what it thinks of an image
  if (engine->Init(nullptr, language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) return nullptr;
  engine->SetPageSegMode(tesseract::PSM_SPARSE_TEXT);
  return engine;
}

}  // namespace

/// Recognisers that no thread uses at the moment.
struct TextReader::Engines {
  std::mutex mutex;
  std::vector<std::unique_ptr<tesseract::TessBaseAPI>> idle;

  std::unique_ptr<tesseract::TessBaseAPI> take(const std::string& language) {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!idle.empty()) {
        auto engine = std::move(idle.back());
        idle.pop_back();
        return engine;
      }
    }
    return open_engine(language);
  }

  /// Throws where the data of `language` is missing.
  std::unique_ptr<tesseract::TessBaseAPI> require(const std::string& language) {
    auto engine = take(language);
    if (engine) return engine;
    throw Error(
        ErrorKind::kModel, "no Tesseract data for the language " + language, "--text-language",
        "install tesseract-ocr-" + language.substr(0, language.find('+')) + ", or give another language");
  }

  void give_back(std::unique_ptr<tesseract::TessBaseAPI> engine) {
    const std::lock_guard<std::mutex> lock(mutex);
    idle.push_back(std::move(engine));
  }
};

namespace {

/// Tesseract's data is optional, as Tesseract is: what nobody asked for must not cost a caption.
bool is_asked_for(const ReadingOptions& options) {
  return options.mode == Reading::kAlways ||
         (options.mode == Reading::kAuto && options.language != ReadingOptions().language);
}

}  // namespace

TextReader::TextReader(ReadingOptions options)
    : options_(std::move(options)), engines_(std::make_unique<Engines>()) {
  // Before any image is looked at: none of them may have words.
  if (is_asked_for(options_)) engines_->give_back(engines_->require(options_.language));
}

TextReader::~TextReader() = default;

std::vector<ReadLine> TextReader::read(const DecodedImage& decoded,
                                       const std::function<DecodedImage()>& decode_larger) const {
  if (options_.mode == Reading::kOff) return {};
  const auto deadline = steady_clock::now() + milliseconds(options_.max_ms);
  const bool is_drawn = flat_share(view_of(decoded.image)) >= kDrawnShare;
  std::vector<TextLine> found;
  if (!is_drawn) found = find_lines(view_of(decoded.image));
  if (options_.mode == Reading::kAuto && !is_drawn && found.empty()) return {};
  const bool is_fraction = std::lround(decoded.box.width) != decoded.full_width;
  if (is_fraction && decode_larger) {
    const DecodedImage larger = decode_larger();
    return recognise(larger, in_pixels_of(larger, decoded, std::move(found)), deadline);
  }
  return recognise(decoded, found, deadline);
}

std::vector<ReadLine> TextReader::recognise(const DecodedImage& decoded, const std::vector<TextLine>& found,
                                            steady_clock::time_point deadline) const {
  const auto left = [&] { return std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()); };
  const cv::Mat picture = view_of(decoded.image);
  const cv::Mat page = scaled(picture, kLeastSide, kMostSide);
  const double scale = static_cast<double>(page.cols) / picture.cols;
  auto engine =
      is_asked_for(options_) ? engines_->require(options_.language) : engines_->take(options_.language);
  if (!engine) return {};
  cv::Mat grey;
  cv::cvtColor(page, grey, cv::COLOR_RGB2GRAY);
  std::vector<ReadLine> lines = read_page(*engine, grey, left());
  if (!found.empty()) {
    lines = merged(std::move(lines), read_page(*engine, ink_page(page, found, scale), left()));
  }
  engines_->give_back(std::move(engine));
  // From the page to the full image, of which `decoded` may be a fraction.
  const double scale_x = static_cast<double>(decoded.full_width) / decoded.box.width / scale;
  const double scale_y = static_cast<double>(decoded.full_height) / decoded.box.height / scale;
  for (ReadLine& line : lines) {
    line.box = {(line.box.left - decoded.box.left * scale) * scale_x,
                (line.box.top - decoded.box.top * scale) * scale_y, line.box.width * scale_x,
                line.box.height * scale_y};
  }
  return lines;
}

std::string tesseract_version() {
  return tesseract::TessBaseAPI::Version();
}

}  // namespace kiloword
