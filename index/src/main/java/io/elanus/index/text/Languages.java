package io.elanus.index.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.tartarus.snowball.SnowballStemmer;
import org.tartarus.snowball.ext.ArabicStemmer;
import org.tartarus.snowball.ext.DanishStemmer;
import org.tartarus.snowball.ext.DutchStemmer;
import org.tartarus.snowball.ext.EnglishStemmer;
import org.tartarus.snowball.ext.FinnishStemmer;
import org.tartarus.snowball.ext.FrenchStemmer;
import org.tartarus.snowball.ext.GermanStemmer;
import org.tartarus.snowball.ext.GreekStemmer;
import org.tartarus.snowball.ext.HungarianStemmer;
import org.tartarus.snowball.ext.ItalianStemmer;
import org.tartarus.snowball.ext.NorwegianStemmer;
import org.tartarus.snowball.ext.PortugueseStemmer;
import org.tartarus.snowball.ext.RomanianStemmer;
import org.tartarus.snowball.ext.RussianStemmer;
import org.tartarus.snowball.ext.SpanishStemmer;
import org.tartarus.snowball.ext.SwedishStemmer;
import org.tartarus.snowball.ext.TamilStemmer;
import org.tartarus.snowball.ext.TurkishStemmer;

/** The languages that have a stemmer (Snowball's), and those that have a list of stop words. */
final class Languages {
  private static final Map<String, Supplier<SnowballStemmer>> STEMMERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("arabic", ArabicStemmer::new),
              Map.entry("danish", DanishStemmer::new),
              Map.entry("dutch", DutchStemmer::new),
              Map.entry("english", EnglishStemmer::new),
              Map.entry("finnish", FinnishStemmer::new),
              Map.entry("french", FrenchStemmer::new),
              Map.entry("german", GermanStemmer::new),
              Map.entry("greek", GreekStemmer::new),
              Map.entry("hungarian", HungarianStemmer::new),
              Map.entry("italian", ItalianStemmer::new),
              Map.entry("norwegian", NorwegianStemmer::new),
              Map.entry("portuguese", PortugueseStemmer::new),
              Map.entry("romanian", RomanianStemmer::new),
              Map.entry("russian", RussianStemmer::new),
              Map.entry("spanish", SpanishStemmer::new),
              Map.entry("swedish", SwedishStemmer::new),
              Map.entry("tamil", TamilStemmer::new),
              Map.entry("turkish", TurkishStemmer::new)));

  private static final Map<String, Supplier<CharArraySet>> STOP_WORDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("_danish_", DanishAnalyzer::getDefaultStopSet),
              Map.entry("_dutch_", DutchAnalyzer::getDefaultStopSet),
              Map.entry("_english_", EnglishAnalyzer::getDefaultStopSet),
              Map.entry("_finnish_", FinnishAnalyzer::getDefaultStopSet),
              Map.entry("_french_", FrenchAnalyzer::getDefaultStopSet),
              Map.entry("_german_", GermanAnalyzer::getDefaultStopSet),
              Map.entry("_hungarian_", HungarianAnalyzer::getDefaultStopSet),
              Map.entry("_italian_", ItalianAnalyzer::getDefaultStopSet),
              Map.entry("_norwegian_", NorwegianAnalyzer::getDefaultStopSet),
              Map.entry("_portuguese_", PortugueseAnalyzer::getDefaultStopSet),
              Map.entry("_russian_", RussianAnalyzer::getDefaultStopSet),
              Map.entry("_spanish_", SpanishAnalyzer::getDefaultStopSet),
              Map.entry("_swedish_", SwedishAnalyzer::getDefaultStopSet)));

  private Languages() {}

  /** Makes stemmers, each of which serves one chain. */
  static Supplier<SnowballStemmer> stemmer(String language) {
    Supplier<SnowballStemmer> stemmer = STEMMERS.get(language.toLowerCase(Locale.ROOT));
    if (stemmer == null) {
      throw AnalyzerParams.invalid(
          "stemmer language %s is not offered; use one of %s"
              .formatted(language, STEMMERS.keySet()));
    }
    return stemmer;
  }

  /** Words as they are; names like {@code _english_} stand for a language's list. */
  static CharArraySet stopWords(List<String> words) {
    CharArraySet all = new CharArraySet(Math.max(16, words.size()), false);
    for (String word : words) {
      if (word.length() > 2 && word.startsWith("_") && word.endsWith("_")) {
        Supplier<CharArraySet> list = STOP_WORDS.get(word);
        if (list == null) {
          throw AnalyzerParams.invalid(
              "stop words %s are not offered; use one of %s, or list the words"
                  .formatted(word, STOP_WORDS.keySet()));
        }
        all.addAll(list.get());
      } else {
        all.add(word);
      }
    }
    return all;
  }
}
